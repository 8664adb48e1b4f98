import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { DECIDE_HOURS, refundOf, type AfterSaleKind } from '../../domain/after-sale.js';
import { actionRefusal } from '../../domain/order-actions.js';
import { refundable } from '../../domain/refundable.js';
import { AfterSale, AfterSaleLine } from '../../entities/after-sale.entity.js';
import { OrderLine, type OrderLineRow } from '../../entities/order-line.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from '../life/advance-order.js';
import { moveAfterSale } from './end-after-sale.js';
import { actionable, lockOrder } from '../life/load-order.js';
import { isTheirs } from '../payment/start-payment.js';
import { note } from '../life/timeline.js';

export interface RequestAfterSale {
  readonly orderId: string;
  readonly kind: AfterSaleKind;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly reason: string;
  readonly evidence: readonly string[];
  /** Null: what was paid for these units. */
  readonly refund: { readonly amountMinor: number; readonly currency: string } | null;
  readonly idempotencyKey: string;
}
export type AfterSaleDone = { readonly kind: 'done'; readonly afterSaleId: string; readonly orderId: string } | Refusal<OrdersErrorCode>;

const HOUR_MS = 3_600_000;
const isLink = (text: string): boolean => text.length <= 500 && URL.canParse(text) && new URL(text).protocol === 'https:';

/** Claims units of an order back: the buyer, or a person for them. Never more than was bought and is not claimed yet. */
export function requestAfterSale(ctx: GraphContext, input: RequestAfterSale): Promise<AfterSaleDone> {
  return ctx.write('request-after-sale', (em) => once(em, ctx.viewer.tenantId, { mutation: 'requestAfterSale', key: input.idempotencyKey, input }, async () => {
    const order = await lockOrder(em, input.orderId);
    if (order === null || !isTheirs(ctx, order)) return refuse('ORDER_NOT_FOUND', 'orderId');
    const refusal = actionRefusal(actionable(order), 'REQUEST_AFTER_SALE');
    // Goods that cost nothing, such as a replacement, can be exchanged again.
    if (refusal !== null && !(refusal === 'NOTHING_TO_REFUND' && input.kind === 'EXCHANGE')) return refuse(refusal, 'orderId');
    if (input.reason.trim() === '' || input.reason.length > 200) return refuse('REASON_INVALID', 'reason');
    if (input.evidence.length > 9 || !input.evidence.every(isLink)) return refuse('EVIDENCE_INVALID', 'evidence');
    return claim(em, ctx, order, input);
  }));
}

async function claim(em: EntityManager, ctx: GraphContext, order: SalesOrderRow, input: RequestAfterSale): Promise<AfterSaleDone> {
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' } });
  if (input.refund !== null && input.refund.currency !== order.currency) return refuse('AMOUNT_DIFFERS', 'refund', 'currency');
  const wrong = linesRefusal(lines, input.lines);
  if (wrong !== null) return wrong;
  const claimed = new Map(input.lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const asked = input.kind === 'EXCHANGE' ? 0 : input.refund?.amountMinor ?? Math.min(refundable(order), refundOf(lines.map((line) => ({ ...line, claim: claimed.get(line.id) ?? 0 })), order.totalMinor - order.shippingMinor, order.currency));
  if (asked < 0 || asked > refundable(order) || (asked === 0 && input.kind !== 'EXCHANGE')) return refuse('MORE_THAN_PAID', 'refund');
  const change = { at: new Date(), by: actorOf(ctx.viewer) };
  const afterSale = em.create(AfterSale, {
    id: newId('afs'), tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, kind: input.kind, state: 'REQUESTED', reason: input.reason, evidence: [...input.evidence],
    refundMinor: asked, currency: order.currency, requestedBy: change.by.id, requestedAt: change.at, decideBy: new Date(change.at.getTime() + DECIDE_HOURS * HOUR_MS), version: 0,
  });
  for (const line of lines) {
    const quantity = claimed.get(line.id) ?? 0;
    if (quantity === 0) continue;
    line.claimedQuantity += quantity;
    em.create(AfterSaleLine, { afterSaleId: afterSale.id, orderLineId: line.id, tenantId: order.tenantId, quantity, restocked: 0, scrapped: 0 });
  }
  note(em, order, change, 'AFTER_SALE_REQUESTED', { afterSaleId: afterSale.id, kind: input.kind });
  await moveAfterSale(em, order, afterSale, 'REQUESTED', change);
  await advanceOrder(em, order, change);
  return { kind: 'done', afterSaleId: afterSale.id, orderId: order.id };
}

function linesRefusal(lines: readonly OrderLineRow[], wanted: RequestAfterSale['lines']): Refusal<OrdersErrorCode> | null {
  if (wanted.length === 0 || new Set(wanted.map(({ lineId }) => lineId)).size < wanted.length) return refuse('LINES_INVALID', 'lines');
  for (const [place, { lineId, quantity }] of wanted.entries()) {
    const line = lines.find(({ id }) => id === lineId);
    if (line === undefined) return refuse('LINE_NOT_FOUND', 'lines', `${place}`, 'lineId');
    if (!Number.isInteger(quantity) || quantity < 1) return refuse('QUANTITY_INVALID', 'lines', `${place}`, 'quantity');
    if (quantity > line.shippedQuantity - line.claimedQuantity) return refuse('MORE_THAN_BOUGHT', 'lines', `${place}`, 'quantity');
  }
  return null;
}
