import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { summaryOf, type DayCounts } from '../../domain/day-summary.js';
import { tellPartners } from './tell-partners.js';

const ZONE = 'Asia/Shanghai';

/** Tells each merchant who asked for it what the bridge did yesterday: once for each day, whoever runs it and however often. */
export async function summariseDays(database: Database): Promise<void> {
  const { rows } = await database.system.query<{ tenantId: string }>("select distinct tenant_id as \"tenantId\" from webhook_endpoint where status = 'ACTIVE' and topics @> '[\"summary.daily\"]'::jsonb");
  for (const { tenantId } of rows) await database.write(tenantId, 'summarise-day', (em) => summarise(em, tenantId));
}

async function summarise(em: EntityManager, tenantId: string): Promise<void> {
  const [fresh] = await em.execute<{ day: string }[]>(
    `insert into day_summary (tenant_id, day) values (?, (app_now() at time zone '${ZONE}')::date - 1) on conflict do nothing returning day::text as day`, [tenantId]);
  if (fresh === undefined) return;
  const counts = await countsOf(em, tenantId, fresh.day);
  await tellPartners(em, tenantId, 'summary.daily', { day: fresh.day, ...counts, ...summaryOf(fresh.day, counts) });
}

/** One statement: each count by an index on its tenant or its age. */
async function countsOf(em: EntityManager, tenantId: string, day: string): Promise<DayCounts> {
  const of = (table: string, at: string, where: string): string => `(select count(*)::int from ${table}, span where tenant_id = ? and ${at} >= span.from_at and ${at} < span.to_at and ${where})`;
  const parts: readonly (readonly [keyof DayCounts, string])[] = [
    ['ordersTaken', of('delivery', 'done_at', "state = 'DONE'")], ['webhooksDead', of('delivery', 'done_at', "state = 'DEAD'")], ['readingsFailed', of('sync_run', 'ended_at', "state = 'FAILED'")],
    ['parcelsTold', of('parcel_push', 'done_at', "state in ('WRITTEN', 'ALREADY_THERE')")], ['parcelsDead', of('parcel_push', 'done_at', "state = 'DEAD'")],
    ['figuresTold', of('stock_push', 'told_at', 'true')], ['figuresFailed', `(select count(*)::int from stock_push where tenant_id = ? and state = 'FAILED')`],
    ['copiesGiven', of('copy_audit', 'at', "result = 'SENT'")], ['copiesFailed', `(select count(*)::int from shop_copy where tenant_id = ? and state in ('FAILED', 'REFUSED'))`],
    ['alertsRaised', of('alert', 'first_at', 'count > 0')], ['alertsOpen', `(select count(*)::int from alert where tenant_id = ? and state = 'OPEN')`],
  ];
  const [row] = await em.execute<DayCounts[]>(
    `with span as (select ?::date::timestamp at time zone '${ZONE}' as from_at, (?::date + 1)::timestamp at time zone '${ZONE}' as to_at)
     select ${parts.map(([name, sql]) => `${sql} as "${name}"`).join(', ')}`, [day, day, ...parts.map(() => tenantId)]);
  return row!;
}
