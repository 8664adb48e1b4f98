import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { stepOf } from '../../domain/after-sale.js';
import { system } from '../../domain/actor.js';
import { AfterSale, AfterSaleLine } from '../../entities/after-sale.entity.js';
import { OrderLine } from '../../entities/order-line.entity.js';
import { SalesOrder } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import type { Address } from './delivery-address.js';
import { insertOwnOrder, type PlaceOrder } from './insert-own-order.js';
import { holdStock } from './place-order.js';
import type { Quoted } from './quote-order.js';

export type Replacement = { readonly kind: 'placed'; readonly orderId: string | null } | Refusal<OrdersErrorCode>;

/** For an exchange: an order of the same goods that costs nothing, to the same address; it may be exchanged in its turn. Null for other after-sales. Safe to repeat. */
export async function placeReplacement(ctx: GraphContext, afterSaleId: string): Promise<Replacement> {
  const { vault } = ctx.deps;
  const found = await ctx.read(async (em) => {
    const afterSale = await em.findOne(AfterSale, { id: afterSaleId as never }, { disableIdentityMap: true });
    if (afterSale === null || !ctx.viewer.seesChannel(afterSale.connectionId)) return null;
    const order = await em.findOneOrFail(SalesOrder, { id: afterSale.orderId }, { disableIdentityMap: true });
    const [claims, lines] = [await em.find(AfterSaleLine, { afterSaleId: afterSale.id }, { disableIdentityMap: true }), await em.find(OrderLine, { orderId: order.id }, { disableIdentityMap: true })];
    return { afterSale, order, goods: claims.map(({ orderLineId, quantity }) => ({ line: lines.find(({ id }) => id === orderLineId)!, quantity })) };
  });
  if (found === null) return refuse('AFTER_SALE_NOT_FOUND', 'afterSaleId');
  const { afterSale, order, goods } = found;
  if (afterSale.kind !== 'EXCHANGE' || stepOf(afterSale.kind, afterSale.state, 'SETTLE') === null) return { kind: 'placed', orderId: afterSale.replacementOrderId ?? null };
  if (!order.sealedShipTo) return refuse('ADDRESS_INVALID', 'afterSaleId');
  const told = JSON.parse(vault.open(order.sealedShipTo, { tenantId: order.tenantId, row: order.id, field: 'shipTo' })) as Partial<Address>;
  const address = { name: '', phone: '', address1: '', address2: null, city: null, province: null, postalCode: null, countryCode: 'CN', ...told };
  const lines = goods.map(({ line, quantity }) => ({ skuId: line.skuId!, quantity, code: line.externalSku, title: line.title, unitPriceMinor: 0, totalMinor: 0 }));
  const free: Quoted = {
    kind: 'quote', currency: order.currency, channel: { kind: 'BY_HAND', connectionId: order.connectionId as never }, lines, discounts: [], itemsMinor: 0, discountMinor: 0, shippingMinor: 0, totalMinor: 0,
  };
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const request: PlaceOrder = {
      tenantId: order.tenantId, connectionId: order.connectionId, lines: lines.map(({ skuId, quantity }) => ({ skuId, quantity })), address, expectedTotalMinor: null,
      memberId: order.memberId ?? null, by: system('orders.exchange'), idempotencyKey: `${afterSale.id}/${attempt}`,
    };
    const row = await insertOwnOrder(ctx.deps, request, address, free, afterSale.id);
    if (row === null) break;
    // Refused for want of stock the last time: there may be some now.
    if (row.status === 'CANCELLED') continue;
    if (row.status !== 'RESERVING') return { kind: 'placed', orderId: row.orderId };
    const placed = await holdStock(ctx.deps, { ...request, orderId: row.orderId, totalMinor: 0 });
    return placed.kind === 'placed' ? placed : refuse(placed.code, 'afterSaleId');
  }
  return refuse('AFTER_SALE_STATE', 'afterSaleId');
}

/** So often it may have been short; after that the money goes back instead. */
const MOST_ATTEMPTS = 50;
