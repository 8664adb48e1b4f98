import { createHash } from 'node:crypto';
import { tellProducts } from '@quanyu/calls';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Purpose } from '../../channels/connector.js';
import { findLeak } from '../../domain/leak-detector.js';
import { share } from '../../domain/share.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import { dueCopies, type DueCopy } from '../../queries/due-copies.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { auditCopy } from './audit-copy.js';
import { ordersToCopy, productsToCopy, type ToCopy } from './copies-to-push.js';
import { openShop, type OpenShop } from '../connections/open-shop.js';
import { planProductCopies } from './plan-copies.js';
import { giveCopiesUp, settleCopy, type CopyOutcome } from './settle-copy.js';
import { endLane, failLane, holdLane, takeLane } from './stock-lane.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'calls' | 'jobs'>;

/** So many batches a run, that others have their turn. */
const BATCHES = 20;
const LOOK_AGAIN_SECONDS = 60;
const LANE = 'copy_lane';

/**
 * Gives a shop our products and our own paid orders as they stand now, by the fields that its connector may have and
 * nothing else. No transaction is open while it is asked. Each of them is one thing there, however often it is given; a
 * shop that fails or is switched off waits, and nothing else does.
 */
export async function pushCopies(deps: Deps, shops: Shops, ref: StreamRef): Promise<void> {
  const lease = await takeLane(deps.database, ref, LANE);
  if (lease === null) return;
  try {
    const shop = await openShop(deps, shops, ref, { guarded: true });
    if (shop === null) {
      await giveCopiesUp(deps.database, ref, 'SWITCHED_OFF');
      return void await endLane(deps.database, ref, lease, { afterSeconds: LOOK_AGAIN_SECONDS, told: false }, LANE);
    }
    await planAll(deps, ref, shop);
    for (let batches = 0; batches < BATCHES; batches += 1) {
      const copies = await dueCopies(deps.database, ref, purposesOf(shop));
      if (copies.length === 0) break;
      for (const copy of await bodiesOf(deps, ref, shop, copies)) {
        if (!await holdIt(deps, ref, lease)) return;
        await settleCopy(deps.database, ref, copy.copy, await tell(deps, ref, shop, copy));
      }
    }
    await endLane(deps.database, ref, lease, { afterSeconds: 0, told: true }, LANE);
    await deps.database.write(ref.tenantId, 'shop-answers', (em) => em.execute('update copy_lane set failing_since = null where connection_id = ? and failing_since is not null', [ref.connectionId]));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('copies not given', { ...ref, step: 'push-copies', errorCode: error.code });
    const isLasting = await failLane(deps.database, ref, lease, error, LANE);
    await giveCopiesUp(deps.database, ref, error.code, isLasting);
  }
}

const purposesOf = ({ flows, client }: OpenShop): Purpose[] => [
  ...(flows.includes('PUSH_PRODUCTS') && client.pushProduct !== undefined ? ['PRODUCT' as const] : []),
  ...(flows.includes('PUSH_ORDERS') && client.pushOrder !== undefined ? ['ORDER' as const] : []),
];

const holdIt = ({ database }: Deps, { tenantId, connectionId }: StreamRef, lease: string): Promise<boolean> =>
  database.write(tenantId, 'hold-copy-lane', (em: EntityManager) => holdLane(em, connectionId, lease, LANE));

/** All products that there are, a page at a time, once they have begun to flow. */
async function planAll(deps: Deps, { tenantId, connectionId }: StreamRef, { settings }: OpenShop): Promise<void> {
  for (;;) {
    const [lane] = await deps.database.read(tenantId, (em) => em.execute<{ after: string | null }[]>('select planned_after as after from copy_lane where connection_id = ?', [connectionId]));
    const after = lane?.after ?? null;
    if (after === null) return;
    const { products, next } = await deps.calls.invoke(tellProducts, { tenantId, currency: currencyOf(settings), productIds: null, after });
    await deps.database.write(tenantId, 'plan-all-copies', async (em) => {
      await planProductCopies(em, deps.jobs, tenantId, products.map(({ productId }) => productId), connectionId);
      await em.execute('update copy_lane set planned_after = ? where connection_id = ? and planned_after = ?', [next, connectionId, after]);
    });
  }
}

export const currencyOf = (settings: Readonly<Record<string, string>>): string => settings['currency'] || 'CNY';

async function bodiesOf(deps: Deps, ref: StreamRef, { settings }: OpenShop, copies: readonly DueCopy[]): Promise<readonly ToCopy[]> {
  const of = (purpose: Purpose): readonly DueCopy[] => copies.filter((copy) => copy.purpose === purpose);
  return [...await ordersToCopy(deps, ref.tenantId, of('ORDER')), ...await productsToCopy(deps, ref.tenantId, currencyOf(settings), of('PRODUCT'))];
}

/** One copy, by the fields that may leave. Kept before it is sent, with their names: whatever becomes of the answer. */
async function tell(deps: Deps, ref: StreamRef, { client, connector }: OpenShop, { copy, found }: ToCopy): Promise<CopyOutcome> {
  if (found.kind !== 'there') return found;
  const { body, fields } = share(found.body, connector.shares?.[copy.purpose] ?? []);
  const text = JSON.stringify(body);
  const hash = createHash('sha256').update(text).digest('base64url');
  if (!copy.ended && copy.externalId !== null && copy.toldHash === hash) return { kind: 'told', externalId: copy.externalId, hash };
  const audit = (result: 'SENT' | 'REFUSED', reason: string | null): Promise<void> => auditCopy(deps.database, ref, { ...copy, fields, result, reason });
  const leak = findLeak(text);
  if (leak !== null) return refused(audit, `${leak.kind} ${leak.path}`);
  try {
    if (copy.ended) return { kind: 'ended', result: await client.recallOrder?.({ sourceId: copy.subjectId, orderNumber: '', externalOrderId: copy.externalId }) ?? 'NOT_SUPPORTED' };
    await audit('SENT', null);
    const externalId = copy.purpose === 'PRODUCT' ? (await client.pushProduct!(body as never)).externalProductId : (await client.pushOrder!(body as never)).externalOrderId;
    return { kind: 'told', externalId, hash };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.passing || error.code === 'CREDENTIALS_REFUSED') throw error;
    if (error.code === 'PUSH_WOULD_LEAK') return refused(audit, error.details.platformCode ?? error.code);
    return { kind: 'failed', code: error.details.platformCode ?? error.code };
  }
}

async function refused(audit: (result: 'REFUSED', reason: string) => Promise<void>, reason: string): Promise<CopyOutcome> {
  await audit('REFUSED', reason);
  return { kind: 'refused', reason };
}
