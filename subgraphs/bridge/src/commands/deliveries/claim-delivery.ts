import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import type { Platform } from '../../channels/channels.js';
import type { DeliveryState } from '../../domain/delivery-state.js';
import { takeLane, type Lane } from './delivery-lane.js';

/** A delivery that somebody works on. */
export interface Claimed {
  readonly id: string; readonly tenantId: string; readonly connectionId: string; readonly platform: Platform;
  readonly topic: string; readonly triggeredAt: Date | null; readonly sealedBody: string | null; readonly attempts: number;
  /** Whether the shop has orders from us, which it may tell back. */
  readonly hasCopies: boolean;
}

interface ClaimRow { id: string; tenant_id: string; connection_id: string; platform: Platform; topic: string; triggered_ms: string | null; sealed_body: string | null; attempts: number; has_copies: boolean }

/**
 * Takes deliveries of a channel up, where nobody else works on it: those of `own` that were begun before, and those that nobody has begun,
 * oldest first, at most `most`: who asks for one does not have it told before an older one of the same order.
 * Null where another worker has the channel. The try is counted before it is made: one that kills the process must not be
 * made for ever. Two who take the same one up, since the first seemed dead, are no harm: the first outcome stands.
 */
export function claimDeliveries(database: Database, { tenantId, connectionId, holder, own }: Lane & { readonly own: readonly string[] }, most: number): Promise<readonly Claimed[] | null> {
  return database.write(tenantId, 'claim-delivery', async (em) => {
    if (!(await takeLane(em, { tenantId, connectionId, holder }))) return null;
    const claimed = await takeUp(em,
      `d.id in (
         (with own as (select id from delivery where id in (select jsonb_array_elements_text(?::jsonb)) and state in ('PROCESSING', 'FAILED') for update skip locked) select id from own)
         union
         (with others as (select id from delivery where connection_id = ? and state in ('RECEIVED', 'VERIFIED') order by id limit ? for update skip locked) select id from others)
       )`, [JSON.stringify(own), connectionId, most]);
    return claimed.sort((a, b) => (a.id < b.id ? -1 : 1));
  });
}

async function takeUp(em: EntityManager, which: string, values: readonly unknown[]): Promise<Claimed[]> {
  const rows = await em.execute<ClaimRow[]>(
    `update delivery d set state = 'PROCESSING', attempts = d.attempts + 1, changed_at = app_now()
     from channel_connection c where c.id = d.connection_id and ${which}
     returning d.id, d.tenant_id, d.connection_id, c.platform, d.topic, (extract(epoch from d.triggered_at) * 1000)::bigint::text as triggered_ms, d.sealed_body, d.attempts,
       exists (select from shop_copy s where s.connection_id = d.connection_id and s.purpose = 'ORDER') as has_copies`, [...values]);
  return rows.map((row) => ({
    id: row.id, tenantId: row.tenant_id, connectionId: row.connection_id, platform: row.platform, topic: row.topic, sealedBody: row.sealed_body, attempts: row.attempts, hasCopies: row.has_copies,
    triggeredAt: row.triggered_ms === null ? null : new Date(Number(row.triggered_ms)),
  }));
}

/** The state of a delivery, its row locked; null when the tenant has none of this id. */
export async function lockDelivery(em: EntityManager, id: string): Promise<DeliveryState | null> {
  const [row] = await em.execute<{ state: DeliveryState }[]>('select state from delivery where id = ? for update', [id]);
  return row?.state ?? null;
}
