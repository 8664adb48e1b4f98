import type { EntityManager } from '@mikro-orm/postgresql';
import { alertRaised } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { ALERTS, alertText, type AlertCode, type Params } from '../../domain/alert-codes.js';
import { tellPartners } from './tell-partners.js';

export interface Cause {
  readonly tenantId: string;
  readonly code: AlertCode;
  readonly subjectKind: 'ORDER' | 'CHANNEL' | 'EVENT' | 'SKU';
  readonly subjectId: string;
  readonly connectionId: string | null;
  readonly params: Params;
  /** Parts causes of one code and subject; most need none. */
  readonly part?: string;
  /** The exception that raised it, where one will end it. */
  readonly causeId?: string;
}

/** What makes two causes the same while an alert of them is open. */
const dedupeKey = ({ code, subjectId, part }: Pick<Cause, 'code' | 'subjectId' | 'part'>): string => [code, subjectId, part ?? ''].join(' ').trim();

/** What is told of a channel that lets nobody in until a person has mended something. */
export const SHUT_OUT = { CREDENTIALS_REFUSED: 'CHANNEL_KEY_REFUSED', HOST_KEY_CHANGED: 'CHANNEL_HOST_KEY_CHANGED' } as const;
export const shutOutBy = (code: string): (typeof SHUT_OUT)[keyof typeof SHUT_OUT] | null => (Object.hasOwn(SHUT_OUT, code) ? SHUT_OUT[code as keyof typeof SHUT_OUT] : null);

/** Opens an alert; while one of the same cause is open it only counts. */
export async function raiseAlert(em: EntityManager, cause: Cause): Promise<void> {
  const { tenantId, code, subjectKind, subjectId, connectionId, params, causeId = null } = cause;
  if (causeId !== null && await endedBefore(em, tenantId, causeId)) return;
  const { severity } = ALERTS[code];
  const [alert] = await em.execute<{ id: string; count: number }[]>(
    `insert into alert (id, tenant_id, code, severity, subject_kind, subject_id, connection_id, params, dedupe_key, cause_id)
     values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)
     on conflict (tenant_id, dedupe_key) where state = 'OPEN'
     do update set count = alert.count + 1, last_at = app_now(), params = excluded.params, cause_id = excluded.cause_id
     returning id, count`,
    [newId('alr'), tenantId, code, severity, subjectKind, subjectId, connectionId, JSON.stringify(params), dedupeKey(cause), causeId]);
  // More of the same is no news: a broken shop must not ring a thousand times.
  if (alert!.count > 1) return;
  record(em, alertRaised({ tenantId, sequence: 1, data: { alertId: alert!.id, code, severity, subject: subjectId, connectionId } }));
  await tellPartners(em, tenantId, 'alert.raised', { alertId: alert!.id, code, severity, subjectKind, subjectId, channelId: connectionId, message: alertText(code, params, 'en'), messageZh: alertText(code, params, 'zh-CN') });
}

/** Closes what is open of a code and subject, since its reason is gone. */
export async function resolveAlertsOf(em: EntityManager, tenantId: string, cause: Pick<Cause, 'code' | 'subjectId' | 'part'>): Promise<void> {
  await tellRecovery(em, tenantId, await em.execute<Ended[]>(
    `update alert set state = 'RESOLVED', resolved_at = app_now(), resolved_by = 'system' where tenant_id = ? and dedupe_key = ? and state = 'OPEN' returning ${ENDED}`,
    [tenantId, dedupeKey(cause)]));
}

const ENDED = 'id, code, severity, subject_kind as "subjectKind", subject_id as "subjectId", connection_id as "channelId", params, count';
interface Ended { id: string; code: AlertCode; severity: string; subjectKind: string; subjectId: string; channelId: string | null; params: Params; count: number }

/** Who heard that something is wrong hears that it is over. */
async function tellRecovery(em: EntityManager, tenantId: string, ended: readonly Ended[]): Promise<void> {
  for (const { id: alertId, params, ...alert } of ended) {
    await tellPartners(em, tenantId, 'alert.resolved', { alertId, ...alert, message: `Over: ${alertText(alert.code, params, 'en')}`, messageZh: `已恢复：${alertText(alert.code, params, 'zh-CN')}` });
  }
}

/** Closes the alert of a cause that has ended. When the end comes before the beginning it is marked, and the late beginning stays silent. */
export async function endCause(em: EntityManager, cause: Cause & { readonly causeId: string }): Promise<void> {
  const { tenantId, code, subjectKind, subjectId, connectionId, causeId } = cause;
  // By the cause itself: an end that comes again must not close the alert of a later cause of the same kind.
  const closed = await em.execute<Ended[]>(
    `update alert set state = 'RESOLVED', resolved_at = app_now(), resolved_by = 'system' where tenant_id = ? and cause_id = ? and state = 'OPEN' returning ${ENDED}`, [tenantId, causeId]);
  await tellRecovery(em, tenantId, closed);
  if (closed.length > 0) return;
  await em.execute(
    `insert into alert (id, tenant_id, code, severity, subject_kind, subject_id, connection_id, params, dedupe_key, cause_id, state, count, resolved_at, resolved_by)
     select ?, ?, ?, ?, ?, ?, ?, '{}'::jsonb, ?, ?, 'RESOLVED', 0, app_now(), 'system'
     where not exists (select 1 from alert where tenant_id = ? and cause_id = ?)`,
    [newId('alr'), tenantId, code, ALERTS[code].severity, subjectKind, subjectId, connectionId, dedupeKey(cause), causeId, tenantId, causeId]);
}

async function endedBefore(em: EntityManager, tenantId: string, causeId: string): Promise<boolean> {
  const marks = await em.execute<unknown[]>('update alert set count = 1 where tenant_id = ? and cause_id = ? and count = 0 returning 1', [tenantId, causeId]);
  return marks.length > 0;
}
