import type { EntityManager } from '@mikro-orm/postgresql';
import { stockExceptionRaised, stockExceptionResolved, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';

type Raised = EventOf<typeof stockExceptionRaised>['data'];

export interface StockTrouble {
  readonly code: Raised['code'];
  readonly skuId: string | null;
  readonly locationId: string | null;
  readonly channelId: string | null;
  /** Tells troubles of one subject apart; most need none. */
  readonly part?: string;
  readonly figures: Raised['figures'];
}

type Subject = Pick<StockTrouble, 'code' | 'skuId' | 'locationId' | 'channelId' | 'part'>;

/** What makes two troubles the same while one of them is open. */
const subjectOf = ({ skuId, locationId, channelId, part }: Subject): string => [skuId, locationId, channelId, part].map((each) => each ?? '-').join('/');

/** Raises what is new and tells it; of what is open already only the figures are brought up to date. One statement for all. */
export async function raiseStockExceptions(em: EntityManager, tenantId: string, troubles: readonly StockTrouble[]): Promise<void> {
  if (troubles.length === 0) return;
  const rows = troubles.map((trouble) => ({ id: newId('ste'), subject: subjectOf(trouble), ...trouble }));
  const fresh = await em.execute<{ id: string }[]>(
    `insert into stock_exception as e (id, tenant_id, code, subject, sku_id, location_id, channel_id, figures)
     select id, ?, code, subject, "skuId", "locationId", "channelId", figures
     from jsonb_to_recordset(?::jsonb) as r (id text, code text, subject text, "skuId" text, "locationId" text, "channelId" text, figures jsonb) order by code, subject
     on conflict (tenant_id, code, subject) where state = 'OPEN' do update set figures = excluded.figures
     returning id`,
    [tenantId, JSON.stringify(rows)]);
  const made = new Set(fresh.map(({ id }) => id));
  for (const { id, code, skuId, locationId, channelId, figures } of rows) {
    if (made.has(id)) record(em, stockExceptionRaised({ tenantId, sequence: 1, data: { exceptionId: id, code, skuId, locationId, connectionId: channelId, figures } }));
  }
}

/** Closes what is open of these and tells it. One statement for all. */
export async function resolveStockExceptions(em: EntityManager, tenantId: string, subjects: readonly Subject[]): Promise<void> {
  if (subjects.length === 0) return;
  const closed = await em.execute<{ id: string; code: string; skuId: string | null; locationId: string | null; channelId: string | null }[]>(
    `update stock_exception e set state = 'RESOLVED', resolved_at = app_now()
     from jsonb_to_recordset(?::jsonb) as r (code text, subject text)
     where e.tenant_id = ? and e.state = 'OPEN' and e.code = r.code and e.subject = r.subject
     returning e.id, e.code, e.sku_id as "skuId", e.location_id as "locationId", e.channel_id as "channelId"`,
    [JSON.stringify(subjects.map((subject) => ({ code: subject.code, subject: subjectOf(subject) }))), tenantId]);
  for (const { id, code, skuId, locationId, channelId } of closed) {
    record(em, stockExceptionResolved({ tenantId, sequence: 2, data: { exceptionId: id, code, skuId, locationId, connectionId: channelId } }));
  }
}
