import { createHash } from 'node:crypto';
import { reserveStock } from '@quanyu/calls';
import { gathered } from '@quanyu/database';
import { orderChanged } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { normalisePhone } from '@quanyu/pii';
import { ProductError, refuse, type Refusal } from '@quanyu/subgraph';
import { system } from '../../domain/actor.js';
import type { Wanted } from '../../domain/quote.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from '../life/advance-order.js';
import { deliveryFault } from './delivery-address.js';
import { insertOwnOrder, type PlacedRow, type PlaceOrder, type SellingDeps } from './insert-own-order.js';
import { lockOrder } from '../life/load-order.js';
import { quoteOrder } from './quote-order.js';

export interface Shortage { readonly skuId: string; readonly asked: number; readonly available: number }
export type Placed =
  | { readonly kind: 'placed'; readonly orderId: string }
  | (Refusal<OrdersErrorCode> & { readonly shortages?: readonly Shortage[] });


/** Long enough to find the way through a payment, short enough that others get what is not paid for. */
export const HOLD_MINUTES = 15;
const LONGEST_KEY = 255;

/**
 * Places an order of our own: prices as they stand, all lines held or none. Its row comes first, so that whatever is cut
 * off in between is found and finished; the same key again goes on from there and answers what became of it.
 */
export async function placeOrder(deps: SellingDeps, request: PlaceOrder): Promise<Placed> {
  const { idempotencyKey: key, address } = request;
  if (key === '' || key.length > LONGEST_KEY) throw new ProductError('INPUT_INVALID', 'idempotencyKey');
  const phone = normalisePhone(address.phone, address.countryCode);
  const fault = deliveryFault(address, phone);
  if (fault !== null) return refuse('ADDRESS_INVALID', 'shipTo', fault);
  const quoted = await quoteOrder(deps, request);
  if (quoted.kind === 'refused') return quoted;
  if (request.expectedTotalMinor !== null && request.expectedTotalMinor !== quoted.totalMinor) return refuse('PRICE_CHANGED', 'expectedTotal');
  const row = await insertOwnOrder(deps, request, { ...address, phone: phone! }, quoted, hashOf(request));
  if (row === null) throw new ProductError('IDEMPOTENCY_KEY_REUSED');
  if (row.status !== 'RESERVING') return answerOf(row);
  return holdStock(deps, { tenantId: request.tenantId, orderId: row.orderId, connectionId: row.connectionId, memberId: request.memberId, lines: row.lines, totalMinor: row.totalMinor });
}

/** An order that was refused for want of stock stays so under its key. */
const answerOf = ({ status, orderId, cancelReason }: PlacedRow): Placed =>
  status === 'CANCELLED' && cancelReason === 'STOCK_SHORT' ? refuse('STOCK_SHORT', 'lines') : { kind: 'placed', orderId };

export interface Placing {
  readonly tenantId: string;
  readonly orderId: string;
  readonly connectionId: string;
  readonly memberId: string | null;
  readonly lines: readonly Wanted[];
  readonly totalMinor: number;
}

/** Holds the stock of an order that was placed, and opens it for payment. Safe to repeat: the order's id is the key of its hold. */
export async function holdStock({ database, calls }: Pick<SellingDeps, 'database' | 'calls'>, { tenantId, orderId, connectionId, memberId, lines, totalMinor }: Placing): Promise<Placed> {
  const held = await calls.invoke(reserveStock, { tenantId, key: orderId, lines: [...lines], holdMinutes: HOLD_MINUTES, memberId });
  if (held.kind === 'refused' && held.retryable) return refuse('STOCK_BUSY');
  if (held.kind !== 'held') {
    const shortages = held.kind === 'short' ? held.shortages : [];
    // Nobody has heard of it yet, so nobody is told of its end.
    await database.write(tenantId, 'refuse-order', (em) => em.execute(
      "update sales_order set status = 'CANCELLED', stock_state = 'SHORT', cancel_reason = 'STOCK_SHORT', cancelled_at = app_now(), version = version + 1 where id = ? and status = 'RESERVING'", [orderId]));
    return held.kind === 'short' ? { ...refuse<OrdersErrorCode>('STOCK_SHORT', 'lines'), shortages } : refuse(held.code === 'RESERVATION_EXPIRED' || held.code === 'RESERVATION_ENDED' ? 'HOLD_ENDED' : 'STOCK_SHORT', 'lines');
  }
  if (totalMinor > 0) await openForPayment(database, { tenantId, orderId, connectionId, payBy: held.expiresAt });
  else {
    await database.write(tenantId, 'open-for-payment', async (em) => {
      const order = await lockOrder(em, orderId);
      if (order?.status !== 'RESERVING') return;
      // Nothing to pay is paid.
      Object.assign(order, { stockState: 'HELD', paymentState: 'PAID', paidAt: new Date() });
      await advanceOrder(em, order, { at: new Date(), by: system('orders.place-order') });
    });
  }
  return { kind: 'placed', orderId };
}

/** Orders whose stock was held by one answer are opened by one statement. */
const openForPayment = gathered<{ readonly tenantId: string; readonly orderId: string; readonly connectionId: string; readonly payBy: string | null }, void>((database, asked) => {
  const { tenantId } = asked[0]!.input;
  return database.write(tenantId, 'open-for-payment', async (em) => {
    const moved = await em.execute<{ id: string; version: number }[]>(
      `with mine as (
         select o.id, w."payBy", w.entry from jsonb_to_recordset(?::jsonb) as w (id text, "payBy" timestamptz, entry text) join sales_order o on o.id = w.id where o.status = 'RESERVING' order by o.id for update of o
       ), moved as (
         update sales_order o set status = 'PENDING_PAYMENT', stock_state = 'HELD', pay_by = m."payBy", version = version + 1 from mine m where o.id = m.id returning o.id, o.tenant_id, o.version, m.entry
       ), told as (
         insert into timeline_entry (id, tenant_id, order_id, at, deed, actor_kind, actor_id, status, detail)
         select entry, tenant_id, id, app_now(), 'STOCK_HELD', 'SYSTEM', 'inventory', 'PENDING_PAYMENT', '{}' from moved
       ) select id, version from moved`,
      [JSON.stringify(asked.map(({ input: { orderId, payBy } }) => ({ id: orderId, payBy, entry: newId('tml') })))]);
    const versions = new Map(moved.map(({ id, version }) => [id, version]));
    for (const { input: { orderId, connectionId }, within } of asked) {
      const version = versions.get(orderId);
      // Two who place the same order: it is told once.
      if (versions.delete(orderId)) within(() => record(em, orderChanged({ tenantId, sequence: version!, data: { orderId, connectionId, status: 'PENDING_PAYMENT' } })));
    }
    return asked.map(() => undefined);
  });
}, ({ tenantId }) => tenantId, 2);

/** Of what was asked, not of what it cost: a replay after a change of price is the same request. */
const hashOf = ({ connectionId, lines, address, expectedTotalMinor, memberId }: PlaceOrder): string =>
  createHash('sha256').update(JSON.stringify([connectionId, lines.map(({ skuId, quantity }) => [skuId, quantity]), Object.entries(address).sort(), expectedTotalMinor, memberId])).digest('base64url');

