import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import type { Platform } from '../channels/channels.js';
import { mayBecome, type DeliveryState } from '../domain/delivery-state.js';
import type { DeliveryRef } from './dispatch-delivery.js';

/** A delivery that somebody works on. */
export interface Claimed {
  readonly id: string; readonly tenantId: string; readonly connectionId: string; readonly platform: Platform;
  readonly topic: string; readonly triggeredAt: Date | null; readonly sealedBody: string | null; readonly attempts: number;
  /** Whether the shop has orders from us, which it may tell back. */
  readonly hasCopies: boolean;
}

interface ClaimRow { id: string; tenant_id: string; connection_id: string; platform: Platform; topic: string; triggered_ms: string | null; sealed_body: string | null; attempts: number; has_copies: boolean }

/**
 * Takes a delivery up, or null when it has an outcome or does not exist. The try is counted before it is made: one that
 * kills the process must not be made for ever. Two who take the same one up are no harm, the first outcome stands.
 */
export function claimDelivery(database: Database, tenantId: string, id: string): Promise<Claimed | null> {
  return database.write(tenantId, 'claim-delivery', async (em) => {
    const state = await lockDelivery(em, id);
    if (state === null || !mayBecome(state, 'PROCESSING')) return null;
    return (await takeUp(em, 'd.id = ?', [id]))[0]!;
  });
}

/**
 * Takes a delivery up, if `own`, and with it others of its channel that nobody has begun, oldest first, at most `most`.
 * What somebody else holds at this moment is theirs.
 */
export function claimDeliveries(database: Database, { tenantId, deliveryId, connectionId, own }: DeliveryRef & { readonly own: boolean }, most: number): Promise<readonly Claimed[]> {
  return database.write(tenantId, 'claim-delivery', async (em) => {
    const claimed = await takeUp(em,
      `d.id in (
         (with own as (select id from delivery where id = ? and state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED') for update skip locked) select id from own)
         union
         (with others as (select id from delivery where connection_id = ? and state in ('RECEIVED', 'VERIFIED') order by id limit ? for update skip locked) select id from others)
       )`, [own ? deliveryId : '', connectionId, most - 1]);
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
