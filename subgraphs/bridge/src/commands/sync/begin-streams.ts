import type { EntityManager } from '@mikro-orm/postgresql';
import type { Connector } from '../../channels/connector.js';
import { beginFirstSync } from './run-first-sync.js';
import type { Stream } from '../../queries/due-streams.js';

/** Plans what is read of a shop from now on. A new key is tried at once, also where the old one had failed for hours. */
export async function beginStreams(em: EntityManager, tenantId: string, channelId: string, connector: Connector, settings: Readonly<Record<string, string>>): Promise<void> {
  const begin = (stream: Stream, days: number): Promise<unknown> => em.execute(
    `insert into sync_stream (connection_id, stream, tenant_id, cursor_at) values (?, ?, ?, app_now() - make_interval(days => ?))
     on conflict (connection_id, stream) do update set next_at = app_now(), failures = 0`, [channelId, stream, tenantId, days]);
  await beginFirstSync(em, tenantId, channelId);
  if (connector.pull !== null) await begin('ORDERS', connector.pull.firstDays);
  if (connector.capabilities.includes('listGoods')) await begin('GOODS', 0);
  if (connector.capabilities.includes('listCustomers')) await begin('CUSTOMERS', 0);
  // Goods come first, then customers, then orders: the first time they wait for each other, and an hour at most.
  if (connector.capabilities.includes('listGoods')) await em.execute("update sync_stream set next_at = app_now() + interval '1 hour' where connection_id = ? and stream in ('CUSTOMERS', 'ORDERS') and last_success_at is null and exists (select from first_sync f where f.connection_id = ? and f.step in ('PRODUCTS', 'CUSTOMERS'))", [channelId, channelId]);
  if (connector.shipments !== undefined) await begin('PARCELS', connector.shipments.firstDays);
  if (connector.capabilities.includes('givenOrders')) await begin('GIVEN', 0);
  if (connector.capabilities.includes('ensureWebhooks')) await begin('WEBHOOKS', 0);
  // From yesterday's on.
  if (connector.bill !== undefined) await begin('BILLS', 2);
  // Only for a location of ours that follows it.
  if (connector.capabilities.includes('pullStock') && settings['locationId']) await begin('STOCK', 0);
}
