import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { system } from '../../domain/actor.js';
import { lineFault } from '../../domain/judge-lines.js';
import { OrderLine } from '../../entities/order-line.entity.js';
import { SalesOrder } from '../../entities/sales-order.entity.js';
import { advanceOrder, askForStock } from '../life/advance-order.js';
import { floorsOf, judgePrices } from './judge-prices.js';
import { lockSkuNames, resolveSkus } from './resolve-skus.js';

/** Learns a SKU's own code; orders that waited for it go on. */
export async function learnSkuCode(em: EntityManager, tenantId: string, sku: { readonly code: string; readonly skuId: string }): Promise<void> {
  await lockSkuNames(em, tenantId, [sku.code]);
  await em.execute('insert into known_sku (tenant_id, code, sku_id) values (?, ?, ?) on conflict (tenant_id, code) do update set sku_id = excluded.sku_id', [tenantId, sku.code, sku.skuId]);
  await resumeWaiting(em, tenantId, sku.code, null);
}

/** Learns what a channel calls a SKU; orders that waited for it go on. A mapping older than the known one is dropped. */
export async function learnChannelSku(
  em: EntityManager, tenantId: string, mapping: { readonly connectionId: string; readonly externalSku: string; readonly skuId: string; readonly sequence: number },
): Promise<void> {
  await lockSkuNames(em, tenantId, [mapping.externalSku]);
  await em.execute(
    `insert into channel_sku (tenant_id, connection_id, external_sku, sku_id, sequence) values (?, ?, ?, ?, ?)
     on conflict (tenant_id, connection_id, external_sku) do update set sku_id = excluded.sku_id, sequence = excluded.sequence
     where channel_sku.sequence < excluded.sequence`,
    [tenantId, mapping.connectionId, mapping.externalSku, mapping.skuId, mapping.sequence]);
  await resumeWaiting(em, tenantId, mapping.externalSku, mapping.connectionId);
}

async function resumeWaiting(em: EntityManager, tenantId: string, externalSku: string, connectionId: string | null): Promise<void> {
  const waiting = await em.find(OrderLine, { tenantId, externalSku, skuId: null }, { fields: ['orderId'], disableIdentityMap: true });
  const orders = await em.find(
    SalesOrder,
    { id: { $in: waiting.map((line) => line.orderId) }, stockState: 'NONE', ...(connectionId !== null && { connectionId }) },
    { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE });
  const change = { at: new Date(), by: system('catalog') };
  for (const order of orders.filter(({ status }) => status !== 'CANCELLED')) {
    const lines = await em.find(OrderLine, { orderId: order.id });
    if (lineFault(lines) !== null) continue;
    await askForStock(em, order, lines, await resolveSkus(em, tenantId, order.connectionId, lines), change);
    await judgePrices(em, order, lines, await floorsOf(em, tenantId, lines), change);
    await advanceOrder(em, order, change);
  }
}
