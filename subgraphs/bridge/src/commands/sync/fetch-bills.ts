import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { billFetched } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Bill } from '../../channels/connector.js';
import { dayAfter, lastReadyDay, readyAt } from '../../domain/bill-days.js';
import { totalsOf } from '../../domain/bill-totals.js';
import { ALERT_AFTER, waitAfter } from '../../domain/sync-plan.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { billSeal } from '../../seal-contexts.js';
import { raiseAlert, resolveAlertsOf } from '../messages/alerts.js';
import { openShop } from '../connections/open-shop.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;

/** Of one run; a channel that has been away for months lets others have their turn. */
const DAYS = 31;
const ASK_AGAIN_SECONDS = 3_600;
/** A day without trades has no bill on some platforms: after this it counts as empty. */
const EMPTY_AFTER_DAYS = 3;
const STREAM = "connection_id = ? and stream = 'BILLS'";

/** Fetches a payment platform's bills up to the last day that is ready: each day once, in order; a kill at any line fetches a day twice and keeps it once. */
export async function fetchBills(deps: Deps, shops: Shops, ref: StreamRef, now: Date = new Date()): Promise<void> {
  const lease = newId('run');
  const [row] = await deps.database.write(ref.tenantId, 'take-bills', (em) => em.execute<{ last_day: string }[]>(
    `update sync_stream set lease = ?, leased_until = app_now() + interval '5 minutes' where ${STREAM} and next_at <= app_now() and (leased_until is null or leased_until < app_now())
     returning to_char(cursor_at at time zone 'UTC', 'YYYY-MM-DD') as last_day`, [lease, ref.connectionId]));
  if (row === undefined) return;
  try {
    const shop = await openShop(deps, shops, ref);
    const clock = shop?.connector.bill;
    const download = shop?.client.downloadBill;
    if (shop === null || clock === undefined || download === undefined) return await end(deps, ref, lease, new Date(now.getTime() + ASK_AGAIN_SECONDS * 1000));
    let day = dayAfter(row.last_day);
    for (let days = 0; days < DAYS && day <= lastReadyDay(now, clock); days += 1) {
      const bill = await download(day);
      if (bill === null && readyAt(day, clock).getTime() > now.getTime() - EMPTY_AFTER_DAYS * 86_400_000) return await end(deps, ref, lease, new Date(now.getTime() + ASK_AGAIN_SECONDS * 1000));
      const current = day;
      if (!await deps.database.write(ref.tenantId, 'keep-bill', (em) => keep(em, deps, ref, { lease, day: current, platform: shop.platform, bill }))) return;
      day = dayAfter(day);
    }
    await end(deps, ref, lease, readyAt(day, clock));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('bill cannot be fetched', { ...ref, step: 'fetch-bills', errorCode: error.code });
    await deps.database.write(ref.tenantId, 'fail-bills', (em) => fail(em, ref, lease, error));
  }
}

interface Kept { readonly lease: string; readonly day: string; readonly platform: string; readonly bill: Bill | null }

/** The bill, its lines, the cursor and what is told of it, in one transaction; false when the stream is another's by now. */
async function keep(em: EntityManager, { vault }: Deps, { tenantId, connectionId }: StreamRef, { lease, day, platform, bill }: Kept): Promise<boolean> {
  const held = await em.execute<unknown[]>(`update sync_stream set cursor_at = ?::timestamptz, leased_until = app_now() + interval '5 minutes' where ${STREAM} and lease = ? returning 1`, [`${day}T00:00:00Z`, connectionId, lease]);
  if (held.length === 0) return false;
  if (bill === null) return true;
  const id = newId('bil');
  const totals = totalsOf(bill.rows);
  const kept = await em.execute<unknown[]>(
    'insert into bill (id, tenant_id, connection_id, day, file_type, sealed_file, file_hash, file_bytes, row_count, totals) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb) on conflict do nothing returning 1',
    [id, tenantId, connectionId, day, bill.fileType, vault.seal(bill.file.toString('latin1'), billSeal(tenantId, id)), createHash('sha256').update(bill.file).digest('base64url'), bill.file.length, bill.rows.length, JSON.stringify(totals)]);
  if (kept.length === 0) return true;
  await em.execute(
    `insert into bill_row (bill_id, n, tenant_id, kind, payment_id, refund_id, platform_id, amount_minor, fee_minor, currency, occurred_at)
     select ?, r.n, ?, r.kind, r.payment_id, r.refund_id, r.platform_id, r.amount, r.fee, r.currency, r.at
     from jsonb_to_recordset(?::jsonb) as r (n int, kind text, payment_id text, refund_id text, platform_id text, amount bigint, fee bigint, currency text, at timestamptz)`,
    [id, tenantId, JSON.stringify(bill.rows.map((row, n) => ({ n, kind: row.kind, payment_id: row.paymentId, refund_id: row.refundId, platform_id: row.platformId, amount: row.amountMinor, fee: row.feeMinor, currency: row.currency, at: row.occurredAt.toISOString() })))]);
  record(em, billFetched({ tenantId, sequence: 1, data: { billId: id, connectionId, platform, day, rowCount: bill.rows.length, totals } }));
  return true;
}

function end({ database }: Deps, { tenantId, connectionId }: StreamRef, lease: string, nextAt: Date): Promise<void> {
  return database.write(tenantId, 'end-bills', async (em) => {
    const [row] = await em.execute<{ failures: number }[]>(
      `update sync_stream s set lease = null, leased_until = null, next_at = ?, failures = 0, last_error = null, last_success_at = app_now()
       from (select failures from sync_stream where ${STREAM}) before where s.connection_id = ? and s.stream = 'BILLS' and s.lease = ? returning before.failures`, [nextAt, connectionId, connectionId, lease]);
    if (row !== undefined && row.failures >= ALERT_AFTER) await resolveAlertsOf(em, tenantId, { code: 'BILL_MISSING', subjectId: connectionId });
  });
}

async function fail(em: EntityManager, { tenantId, connectionId }: StreamRef, lease: string, error: PlatformError): Promise<void> {
  const [row] = await em.execute<{ failures: number; day: string }[]>(
    `update sync_stream set lease = null, leased_until = null, failures = failures + 1, last_error = ? where ${STREAM} and lease = ? returning failures, to_char((cursor_at at time zone 'UTC') + interval '1 day', 'YYYY-MM-DD') as day`,
    [(error.details.platformCode || error.code).slice(0, 64), connectionId, lease]);
  if (row === undefined) return;
  await em.execute(`update sync_stream set next_at = app_now() + make_interval(secs => ?) where ${STREAM}`, [waitAfter(row.failures, error.retryAfterMs), connectionId]);
  const alert = { tenantId, subjectKind: 'CHANNEL', subjectId: connectionId, connectionId } as const;
  if (error.code === 'CREDENTIALS_REFUSED') await raiseAlert(em, { ...alert, code: 'CHANNEL_KEY_REFUSED', params: {} });
  else if (row.failures >= ALERT_AFTER) await raiseAlert(em, { ...alert, code: 'BILL_MISSING', params: { reason: error.details.platformCode || error.code, day: row.day } });
}
