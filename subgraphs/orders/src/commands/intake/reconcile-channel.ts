import type { EntityManager } from '@mikro-orm/postgresql';
import { CallError, fetchOpenOrders, readOrdersAgain, type Calls } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import { channelGapClosed, channelGapFound } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { judgeGap, type GapSeverity } from '../../domain/reconcile.js';
import type { OrdersErrorCode } from '../../errors.js';

export interface ChannelRef { readonly tenantId: string; readonly connectionId: string }

export const RECONCILE_EVERY_MINUTES = 30;
/** Younger ones may still be on their way to us. */
export const LEFT_ALONE_MINUTES = 15;
const MOST_PAGES = 200;
const MOST_KEPT = 250;

/** A shop has been connected: from now on its open orders are compared with ours. */
export async function watchChannel(em: EntityManager, { tenantId, connectionId }: ChannelRef): Promise<void> {
  await em.execute('insert into channel_check (tenant_id, connection_id, next_at) values (?, ?, app_now() + make_interval(mins => ?)) on conflict do nothing', [tenantId, connectionId, RECONCILE_EVERY_MINUTES]);
}

/** Compares what a shop counts as open with what we know, and has the bridge read again what is missing. Repeats safely. */
export async function reconcileChannel({ database, calls }: { readonly database: Database; readonly calls: Calls }, { tenantId, connectionId }: ChannelRef): Promise<void> {
  const [claimed] = await database.write(tenantId, 'claim-channel-check', (em) => em.execute<{ auto_repair: boolean; before: string }[]>(
    `update channel_check set next_at = app_now() + make_interval(mins => ?) where connection_id = ? and next_at <= app_now()
     returning auto_repair, to_char((app_now() - make_interval(mins => ?)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as before`, [RECONCILE_EVERY_MINUTES, connectionId, LEFT_ALONE_MINUTES]));
  if (claimed === undefined) return;
  try {
    const { open, missing } = await compare({ database, calls }, { tenantId, connectionId }, claimed.before);
    if (claimed.auto_repair) for (let from = 0; from < missing.length; from += MOST_KEPT) await calls.invoke(readOrdersAgain, { tenantId, connectionId, externalOrderIds: missing.slice(from, from + MOST_KEPT) });
    await database.write(tenantId, 'keep-channel-check', (em) => keep(em, { tenantId, connectionId }, { open, missing, autoRepair: claimed.auto_repair }));
  } catch (error) {
    const code = error instanceof CallError ? error.code : 'UNANSWERED';
    log.warn('a shop could not be compared with our orders', { tenantId, connectionId, errorCode: code, error });
    await database.write(tenantId, 'keep-channel-check', (em) => em.execute('update channel_check set failure_code = ? where connection_id = ?', [code.slice(0, 64), connectionId]));
  }
}

interface Gap { readonly open: number; readonly missing: readonly string[]; readonly autoRepair: boolean }

/** Keeps what was found, and tells it where it has become worse or better: an alert follows from it. */
async function keep(em: EntityManager, { tenantId, connectionId }: ChannelRef, { open, missing, autoRepair }: Gap): Promise<void> {
  const severity = judgeGap({ open, missing: missing.length });
  const [before] = await em.execute<{ severity: GapSeverity; gap: string | null }[]>('select severity, gap_id as gap from channel_check where connection_id = ? for update', [connectionId]);
  const same = before?.severity === severity;
  const gapId = severity === 'NONE' ? null : same && before.gap !== null ? before.gap : newId('exc');
  await em.execute(
    'update channel_check set checked_at = app_now(), open_count = ?, missing_count = ?, severity = ?, gap_id = ?, missing = ?::jsonb, failure_code = null where connection_id = ?',
    [open, missing.length, severity, gapId, JSON.stringify(missing.slice(0, MOST_KEPT)), connectionId]);
  if (same) return;
  if (before !== undefined && before.severity !== 'NONE' && before.gap !== null) record(em, channelGapClosed({ tenantId, sequence: 2, data: { gapId: before.gap, connectionId, severity: before.severity } }));
  if (severity !== 'NONE') record(em, channelGapFound({ tenantId, sequence: 1, data: { gapId: gapId!, connectionId, severity, open, missing: missing.length, autoRepair } }));
}

async function compare({ database, calls }: { readonly database: Database; readonly calls: Calls }, { tenantId, connectionId }: ChannelRef, changedBefore: string): Promise<{ readonly open: number; readonly missing: string[] }> {
  const missing: string[] = [];
  let open = 0;
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: { orders: { externalOrderId: string }[]; next: string | null } = await calls.invoke(fetchOpenOrders, { tenantId, connectionId, changedBefore, after });
    const ids = answer.orders.map(({ externalOrderId }) => externalOrderId);
    open += ids.length;
    if (ids.length > 0) {
      const unknown = await database.read(tenantId, (em) => em.execute<{ id: string }[]>(
        `select told.id from jsonb_array_elements_text(?::jsonb) as told (id)
         where not exists (select 1 from sales_order o where o.tenant_id = ? and o.connection_id = ? and o.external_order_id = told.id)`, [JSON.stringify(ids), tenantId, connectionId]));
      missing.push(...unknown.map(({ id }) => id));
    }
    after = answer.next;
    if (after === null) break;
  }
  return { open, missing };
}

/** Whether what is missing of a shop is read again by itself. */
export function setAutoRepair(ctx: GraphContext, { connectionId, on }: { readonly connectionId: string; readonly on: boolean }): Promise<{ readonly kind: 'done' } | Refusal<OrdersErrorCode>> {
  return ctx.write('set-auto-repair', async (em) => {
    const changed = ctx.viewer.seesChannel(connectionId) ? await em.execute<unknown[]>('update channel_check set auto_repair = ? where connection_id = ? returning 1', [on, connectionId]) : [];
    return changed.length === 0 ? refuse('CHANNEL_NOT_FOUND', 'channelId') : { kind: 'done' };
  });
}
