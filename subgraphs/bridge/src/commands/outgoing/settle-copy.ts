import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import type { DueCopy } from '../../queries/due-copies.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { raiseAlert, resolveAlertsOf } from '../messages/alerts.js';
import { planBuyerMail } from '../messages/plan-buyer-mail.js';

/** What became of giving a shop one thing. */
export type CopyOutcome =
  | { readonly kind: 'told'; readonly externalId: string; readonly hash: string }
  | { readonly kind: 'ended'; readonly result: 'RECALLED' | 'TOO_LATE' | 'NOT_SUPPORTED' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly code: string };

const WAIT_SECONDS = 60;

/** Keeps the outcome, unless ours has changed meanwhile: then it stays due. */
export function settleCopy(database: Database, { tenantId, connectionId }: StreamRef, copy: DueCopy, outcome: CopyOutcome): Promise<void> {
  const key = [connectionId, copy.purpose, copy.subjectId];
  const alert = { tenantId, subjectKind: 'CHANNEL', subjectId: connectionId, connectionId } as const;
  return database.write(tenantId, 'settle-copy', async (em) => {
    const done = (state: 'DONE' | 'FAILED' | 'REFUSED', code: string | null): Promise<unknown> => em.execute(
      `update shop_copy set state = case when version = ? then ? else 'DUE' end, failure_code = ?, attempts = attempts + 1, told_at = case when ? then app_now() else told_at end
       where connection_id = ? and purpose = ? and subject_id = ?`, [copy.version, state, code?.slice(0, 64) ?? null, state === 'DONE', ...key]);
    switch (outcome.kind) {
      case 'told':
        await em.execute('update shop_copy set external_id = ?, told_hash = ?, told_version = ?, first_told_at = coalesce(first_told_at, app_now()) where connection_id = ? and purpose = ? and subject_id = ?', [outcome.externalId, outcome.hash, copy.version, ...key]);
        await done('DONE', null);
        return clear(em, tenantId, connectionId);
      case 'ended':
        // What is on its way already comes back as a parcel; a person sees it there.
        return void await done(outcome.result === 'RECALLED' ? 'DONE' : 'FAILED', outcome.result);
      case 'gone':
        return void await done('DONE', 'NOTHING_TO_TELL');
      case 'wait':
        return void await em.execute(`update shop_copy set next_at = app_now() + make_interval(secs => ${WAIT_SECONDS}) where connection_id = ? and purpose = ? and subject_id = ?`, key);
      case 'refused':
        await done('REFUSED', 'PUSH_WOULD_LEAK');
        return raiseAlert(em, { ...alert, code: 'PUSH_WOULD_LEAK', params: { reason: outcome.reason, subjectId: copy.subjectId }, part: copy.subjectId });
      case 'failed':
        await done('FAILED', outcome.code);
        return raiseAlert(em, { ...alert, code: 'COPY_NOT_TAKEN', params: { reason: outcome.code.slice(0, 64), subjectId: copy.subjectId } });
    }
  });
}

async function clear(em: EntityManager, tenantId: string, connectionId: string): Promise<void> {
  const failed = await em.execute<unknown[]>("select 1 from shop_copy where connection_id = ? and state = 'FAILED' limit 1", [connectionId]);
  if (failed.length === 0) await resolveAlertsOf(em, tenantId, { code: 'COPY_NOT_TAKEN', subjectId: connectionId });
  await resolveAlertsOf(em, tenantId, { code: 'COPIES_WAITING', subjectId: connectionId });
}

/** The shop takes nothing: what waits goes on waiting, and the buyers of orders that it does not know are told by us. */
export function giveCopiesUp(database: Database, { tenantId, connectionId }: StreamRef, reason: string, isLasting = true): Promise<void> {
  return database.write(tenantId, 'give-copies-up', async (em) => {
    const [lane] = await em.execute<{ failures: number }[]>('update copy_lane set failing_since = coalesce(failing_since, app_now()) where connection_id = ? returning failures', [connectionId]);
    if (!isLasting && (lane?.failures ?? 0) < 2) return;
    const orders = await em.execute<{ id: string }[]>("select subject_id as id from shop_copy where connection_id = ? and purpose = 'ORDER' and state = 'DUE' and not ended limit 5000", [connectionId]);
    for (const { id } of orders) await planBuyerMail(em, tenantId, { orderId: id, news: 'CONFIRMED', trackingNumber: null });
    // Whoever switched it off knows.
    if (reason !== 'SWITCHED_OFF') await raiseAlert(em, { tenantId, subjectKind: 'CHANNEL', subjectId: connectionId, connectionId, code: 'COPIES_WAITING', params: { reason } });
  });
}
