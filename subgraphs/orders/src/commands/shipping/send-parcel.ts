import type { EntityManager } from '@mikro-orm/postgresql';
import { orderShipped } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { maskPhone, type Vault } from '@quanyu/pii';
import { completeAfter } from '../../domain/complete-after.js';
import { fromHolds, ownUnits } from '../../domain/order-edit.js';
import { OrderHold } from '../../entities/order-edit.entity.js';
import type { OrderLineRow } from '../../entities/order-line.entity.js';
import { Parcel, ParcelLine } from '../../entities/parcel.entity.js';
import { Payment } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { note, type Change } from '../life/timeline.js';

/** What goes into a parcel: lines of the order, each with how much of it. */
export interface Sent { readonly line: OrderLineRow; readonly quantity: number }

interface NewParcel { readonly by: 'US' | 'CHANNEL'; readonly carrier: string | null; readonly trackingNumber: string | null; readonly service?: string | null; readonly sent: readonly Sent[] }

/**
 * Enters a parcel of an order and tells of it: the bridge writes its number back, inventory lets its units go. The
 * caller advances the order afterwards. `vault`: of a parcel that we send; its receiver is told to the platform that was paid at.
 */
export async function sendParcel(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[], parcel: NewParcel, change: Change, vault: Vault | null): Promise<Id<'prl'>> {
  const id = newId('prl');
  const { tenantId, connectionId } = order;
  em.create(Parcel, { id, tenantId, orderId: order.id, connectionId, shippedBy: parcel.by, carrier: parcel.carrier, trackingNumber: parcel.trackingNumber, service: parcel.service ?? null, shippedAt: change.at });
  const moreHolds = order.editCount === 0 ? [] : await fromEditHolds(em, order, lines, parcel.sent);
  for (const { line, quantity } of parcel.sent) {
    em.create(ParcelLine, { parcelId: id, orderLineId: line.id, tenantId, quantity });
    line.shippedQuantity += quantity;
  }
  // However it is sent, by a scan or by hand: a number that was fetched for the order has gone.
  if (parcel.by === 'US') await em.execute("update waybill set state = 'SHIPPED' where order_id = ? and tracking_number = ? and state = 'ISSUED'", [order.id, parcel.trackingNumber]);
  const complete = lines.every((line) => line.shippedQuantity >= line.quantity);
  order.shipped = complete ? 'ALL' : 'PART';
  if (complete) {
    order.shippedAt = change.at;
    order.completeAt = completeAfter(change.at, await completeDays(em, order));
  } else {
    note(em, order, change, 'PARTLY_SHIPPED', { parcelId: id, carrier: parcel.carrier });
  }
  record(em, orderShipped({
    tenantId, sequence: order.version + 1,
    data: {
      orderId: order.id, connectionId, parcelId: id, externalOrderId: order.externalOrderId, by: parcel.by, carrier: parcel.carrier, trackingNumber: parcel.trackingNumber, ...(parcel.service && { service: parcel.service }),
      lines: parcel.sent.map(({ line, quantity }) => ({ lineId: line.id, externalLineId: line.externalLineId, skuId: line.skuId!, quantity })),
      ...(moreHolds.length > 0 && { moreHolds }), ...(vault !== null && order.source === 'OWN' && await paidOutside(em, vault, order, id)), complete, shippedAt: change.at.toISOString(), confirmedAt: (order.confirmedAt ?? change.at).toISOString(),
    },
  }));
  return id;
}

/** Where its money is frozen until the platform knows that it was sent, and by whom SF, which asks for it, reaches the receiver. */
async function paidOutside(em: EntityManager, vault: Vault, { id, tenantId, sealedShipTo }: SalesOrderRow, parcelId: string): Promise<{ payments: { paymentId: string; provider: 'WECHAT_PAY' }[]; sealedContact: string | null } | null> {
  const paid = await em.find(Payment, { orderId: id, provider: 'WECHAT_PAY', state: 'PAID' }, { orderBy: { id: 'asc' } });
  if (paid.length === 0) return null;
  const { phone } = sealedShipTo ? JSON.parse(vault.open(sealedShipTo, { tenantId, row: id, field: 'shipTo' })) as { phone?: string | null } : {};
  const code = /^\+86/.test(phone ?? '') ? '+86-' : '';
  return { payments: paid.map((payment) => ({ paymentId: payment.id, provider: 'WECHAT_PAY' })), sealedContact: phone ? vault.seal(`${code}${maskPhone(phone)}`, { tenantId, row: parcelId, field: 'contact' }) : null };
}

async function completeDays(em: EntityManager, { tenantId, connectionId }: SalesOrderRow): Promise<number | null> {
  const [row] = await em.execute<{ complete_days: number }[]>('select complete_days from channel_rule where tenant_id = ? and connection_id = ?', [tenantId, connectionId]);
  return row?.complete_days ?? null;
}

/** Units of a parcel that edits of the order hold: the order's own come first. */
async function fromEditHolds(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[], sent: readonly Sent[]): Promise<{ key: string; lines: { skuId: string; quantity: number }[] }[]> {
  const holds = await em.find(OrderHold, { orderId: order.id });
  const units = new Map<string, number>();
  for (const { line, quantity } of sent) units.set(line.skuId!, (units.get(line.skuId!) ?? 0) + quantity);
  const taken = fromHolds(order.id, ownUnits(lines, holds), holds, units, true).filter(({ key }) => key !== order.id);
  for (const { key, skuId, quantity } of taken) holds.find((hold) => hold.key === key && hold.skuId === skuId)!.shipped += quantity;
  return [...Map.groupBy(taken, ({ key }) => key)].map(([key, some]) => ({ key, lines: some.map(({ skuId, quantity }) => ({ skuId, quantity })) }));
}
