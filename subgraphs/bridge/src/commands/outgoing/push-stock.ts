import { stockPublished } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Client, StockSemantics } from '../../channels/connector.js';
import { levelsOf, outcomeOf, type LevelResult, type Told } from '../../domain/stock-telling.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import { dueFigures, type DueFigure } from '../../queries/due-figures.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { openShop } from '../connections/open-shop.js';
import { endLane, failLane, holdLane, takeLane } from './stock-lane.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;
type Answer = { readonly figure: DueFigure; readonly told: Told };

/** So many batches a run, that others have their turn. */
const BATCHES = 40;
const LOOK_AGAIN_SECONDS = 300;
const ONE_DAY_SECONDS = 86_400;

/**
 * Tells a channel the figures that changed, and keeps what became of it. No transaction is open while the platform is
 * asked; a kill at any line tells a figure twice, which is the same figure. A channel that fails waits, and no other does.
 */
export async function pushStock(deps: Deps, shops: Shops, ref: StreamRef): Promise<void> {
  const lease = await takeLane(deps.database, ref);
  if (lease === null) return;
  try {
    const shop = await openShop(deps, shops, ref);
    if (shop === null || !shop.flows.includes('PUSH_STOCK')) return void await endLane(deps.database, ref, lease, { afterSeconds: LOOK_AGAIN_SECONDS, told: false });
    const { setStock } = shop.client;
    if (setStock === undefined) {
      await settle(deps, ref, lease, (await dueFigures(deps.database, ref)).map((figure) => ({ figure, told: { kind: 'failed', code: 'NOT_SUPPORTED' } })));
      return void await endLane(deps.database, ref, lease, { afterSeconds: ONE_DAY_SECONDS, told: false });
    }
    await tellAll(deps, ref, lease, setStock, shop.connector.stock);
    await endLane(deps.database, ref, lease, { afterSeconds: 0, told: true });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('stock not told', { ...ref, step: 'push-stock', errorCode: error.code });
    if (await failLane(deps.database, ref, lease, error)) await settleFailed(deps, ref, error);
  }
}

async function tellAll(deps: Deps, ref: StreamRef, lease: string, setStock: NonNullable<Client['setStock']>, semantics: StockSemantics | null): Promise<void> {
  for (let batches = 0; batches < BATCHES; batches += 1) {
    const figures = await dueFigures(deps.database, ref);
    if (figures.length === 0) return;
    if (!await settle(deps, ref, lease, await tell(setStock, figures, semantics !== 'ABSOLUTE'))) return;
  }
}

async function tell(setStock: NonNullable<Client['setStock']>, figures: readonly DueFigure[], compares: boolean): Promise<readonly Answer[]> {
  try {
    const levels = figures.flatMap((figure) => levelsOf(figure, compares));
    const results = new Map<string, LevelResult>((levels.length === 0 ? [] : await setStock(levels)).map(({ externalSku, result }) => [externalSku, result]));
    return figures.map((figure) => ({ figure, told: outcomeOf(figure, results) }));
  } catch (error) {
    if (!(error instanceof PlatformError) || error.passing || error.needsPerson) throw error;
    const [only, ...others] = figures;
    if (others.length === 0) return [{ figure: only!, told: { kind: 'failed', code: error.details.platformCode ?? error.code } }];
    // One of them is refused: asked for one by one, it does not hold up the others.
    const answers: Answer[] = [];
    for (const figure of figures) answers.push(...await tell(setStock, [figure], compares));
    return answers;
  }
}

/** Keeps what was told and tells of it, in one transaction; false when the channel is another's by now. */
function settle({ database }: Deps, { tenantId, connectionId }: StreamRef, lease: string, answers: readonly Answer[]): Promise<boolean> {
  return database.write(tenantId, 'settle-stock', async (em) => {
    if (!await holdLane(em, connectionId, lease)) return false;
    for (const { figure, told } of answers) {
      if (told.kind === 'later') {
        await em.execute("update stock_push set attempts = attempts + 1, next_at = app_now() + interval '1 minute' where connection_id = ? and sku_id = ? and sequence = ?", [connectionId, figure.skuId, figure.sequence]);
        continue;
      }
      const isTaken = told.kind === 'accepted';
      const [row] = await em.execute<{ state: string; is_news: boolean }[]>(
        `update stock_push p set told_quantity = case when ? then ? else p.told_quantity end, told_at = case when ? then app_now() else p.told_at end,
           state = case when p.sequence = ? then ? else p.state end, failure_code = case when p.sequence = ? then ? else p.failure_code end,
           attempts = p.attempts + 1, next_at = case when ? then p.next_at else app_now() + interval '10 minutes' end
         from (select state, failure_code, sequence from stock_push where connection_id = ? and sku_id = ? for update) before
         where p.connection_id = ? and p.sku_id = ? returning p.state, (before.state <> 'FAILED' or ?) as is_news`,
        [isTaken, figure.quantity, isTaken, figure.sequence, isTaken ? 'DONE' : 'FAILED', figure.sequence, isTaken ? null : short(told.code), isTaken, connectionId, figure.skuId, connectionId, figure.skuId, isTaken]);
      if (row?.is_news === true) recordOutcome(em, tenantId, connectionId, figure.skuId, figure.sequence, isTaken ? null : short(told.code));
    }
    return true;
  });
}

/** After the last quick try: whoever published the figures hears that they are not taken, once for each. They go on being told. */
function settleFailed({ database }: Deps, { tenantId, connectionId }: StreamRef, error: PlatformError): Promise<void> {
  return database.write(tenantId, 'settle-stock-failed', async (em) => {
    const rows = await em.execute<{ sku_id: string; sequence: string }[]>("update stock_push set state = 'FAILED', failure_code = ? where connection_id = ? and state = 'DUE' returning sku_id, sequence", [error.code, connectionId]);
    for (const { sku_id: skuId, sequence } of rows) recordOutcome(em, tenantId, connectionId, skuId, Number(sequence), error.code);
  });
}

const short = (code: string): string => code.slice(0, 64);

function recordOutcome(em: Parameters<typeof record>[0], tenantId: string, connectionId: string, skuId: string, publishSequence: number, failureCode: string | null): void {
  record(em, stockPublished({ tenantId, sequence: publishSequence, data: { connectionId, skuId, publishSequence, outcome: failureCode === null ? 'ACCEPTED' : 'FAILED', failureCode } }));
}
