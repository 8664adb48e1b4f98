import type { EntityManager } from '@mikro-orm/postgresql';
import { reserveStock, settleReservation } from '@quanyu/calls';
import { orderEdited } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { once, refuse, type GraphContext, type Refusal, type SubgraphDeps } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { fromHolds, ownUnits, type PlannedEdit } from '../../domain/order-edit.js';
import { OrderEdit, OrderHold, type OrderHoldRow } from '../../entities/order-edit.entity.js';
import { OrderLine, type OrderLineRow } from '../../entities/order-line.entity.js';
import { Payment } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { amend } from './amend-order.js';
import { advanceOrder } from './advance-order.js';
import { needsSecondPerson } from '../payment/four-eyes.js';
import { lockOrder } from './load-order.js';
import { oweRefund } from '../payment/owe-refund.js';
import { endOpenPayments, hasOpenPayment } from '../payment/end-open-payments.js';
import { editRefusal, holdsOf, judge, linesOf, planOrderEdit, type OrderEditAsk, type Planned } from './plan-order-edit.js';
import { secondFactorRefusal, type StepUpToken } from '../payment/second-factor.js';
import { ask as askFor, SEND_REFUND } from '../payment/settle-payment.js';
import { note, type Change } from './timeline.js';

export interface EditOrder extends OrderEditAsk, StepUpToken { readonly reason: string; readonly idempotencyKey: string }
export type Edited = { readonly kind: 'done'; readonly orderId: string } | (Refusal<OrdersErrorCode> & { readonly shortages?: readonly { readonly skuId: string; readonly asked: number; readonly available: number }[] });

/** Until it is confirmed in the next breath. */
const HOLD_MINUTES = 15;

/**
 * Changes the lines of an order of our own before it is shipped. What it wants more of is held first, under the edit's own
 * id: an edit that is cut off is found and its hold given back. What a buyer has begun to pay is ended at its platform
 * before the order comes to cost another sum. Then lines, sums and what is owed change in one transaction,
 * judged anew under the lock; what it wants less of is given free by the event.
 */
export async function editOrder(ctx: GraphContext, { stepUpToken, ...input }: EditOrder): Promise<Edited> {
  const { idempotencyKey, reason } = input;
  const replayed = await knownResult(ctx, input);
  if (replayed !== null) return replayed;
  if (reason.trim() === '' || reason.length > 200) return refuse('REASON_INVALID', 'reason');
  const planned = await planOrderEdit(ctx, input);
  if (planned.kind === 'refused') return planned;
  const { plan, order } = planned;
  if (plan.refundMinor > 0) {
    const refusal = await secondFactorRefusal(ctx, { stepUpToken }, { action: 'REFUND', subject: order.id, amount: { minor: plan.refundMinor, currency: order.currency }, use: `editOrder ${idempotencyKey}` });
    if (refusal !== null) return refusal;
  }
  const editId = newId('oed');
  const held = await holdMore(ctx, planned, editId, reason);
  if (held !== null) return held;
  const ended = order.paidAt ? null : await endOpenPayments(ctx, input);
  if (ended?.kind === 'refused') {
    await giveBackHold(ctx.deps, { tenantId: order.tenantId, editId });
    return ended;
  }
  const seenVersion = ended?.version ?? input.expectedVersion;
  const result = await ctx.write<Edited>('edit-order', (em) => once<Edited>(em, ctx.viewer.tenantId, { mutation: 'editOrder', key: idempotencyKey, input }, () => apply(em, ctx, planned, { ...input, expectedVersion: seenVersion }, editId)));
  if (result.kind === 'refused' && plan.more.size > 0) await giveBackHold(ctx.deps, { tenantId: order.tenantId, editId });
  return result;
}

/** The same request again: answered without holding anything anew. */
async function knownResult(ctx: GraphContext, { idempotencyKey }: Pick<EditOrder, 'idempotencyKey'>): Promise<Edited | null> {
  const [known] = await ctx.read((em) => em.execute<{ result: Edited | null }[]>("select result from idempotency_key where tenant_id = ? and mutation = 'editOrder' and key = ?", [ctx.viewer.tenantId, idempotencyKey]));
  return known?.result?.kind === 'done' ? known.result : null;
}

async function holdMore(ctx: GraphContext, { plan, order }: Planned, editId: Id<'oed'>, reason: string): Promise<Edited | null> {
  const { tenantId } = order;
  await ctx.write('begin-order-edit', (em) => Promise.resolve(em.create(OrderEdit, {
    id: editId, tenantId, orderId: order.id, state: 'HOLDING', askedBy: ctx.viewer.subjectId, reason, differenceMinor: plan.differenceMinor, currency: order.currency,
  })));
  if (plan.more.size === 0) return null;
  const lines = [...plan.more].map(([skuId, quantity]) => ({ skuId, quantity }));
  const held = await ctx.deps.calls.invoke(reserveStock, { tenantId, key: editId, lines, holdMinutes: HOLD_MINUTES, memberId: order.memberId ?? null });
  const confirmed = held.kind === 'held' ? await ctx.deps.calls.invoke(settleReservation, { deed: 'CONFIRM', tenantId, key: editId }) : null;
  if (confirmed?.kind === 'done') return null;
  await giveBackHold(ctx.deps, { tenantId, editId });
  if (held.kind === 'short') return { ...refuse<OrdersErrorCode>('STOCK_SHORT', 'lines'), shortages: held.shortages };
  return refuse('STOCK_BUSY');
}

/** An edit that did not come about holds nothing. Repeats safely, also where nothing was held; one that is done is left alone. */
export async function giveBackHold({ database, calls }: Pick<SubgraphDeps, 'database' | 'calls'>, { tenantId, editId }: { readonly tenantId: string; readonly editId: string }): Promise<void> {
  const [given] = await database.write(tenantId, 'give-up-order-edit', (em) => em.execute<unknown[]>("update order_edit set state = 'GIVEN_UP' where id = ? and state <> 'DONE' returning 1", [editId]));
  if (given !== undefined) await calls.invoke(settleReservation, { deed: 'RELEASE', tenantId, key: editId });
}

async function apply(em: EntityManager, ctx: GraphContext, { plan: shown, terms }: Planned, input: Omit<EditOrder, 'stepUpToken'>, editId: Id<'oed'>): Promise<Edited> {
  const order = (await lockOrder(em, input.orderId))!;
  const refusal = editRefusal(order, input);
  if (refusal !== null) return refusal;
  const lines = await linesOf(em, order);
  const holds = await holdsOf(em, order);
  // Paid, or being paid, since it was looked at.
  if ((order.paidAt ? null : 'unpaid') !== (terms.rule && 'unpaid') || terms.rule !== null && await hasOpenPayment(em, order)) return refuse('VERSION_CONFLICT', 'expectedVersion');
  const plan = judge(order, { lines, holds }, input, terms);
  if (plan.kind === 'refused') return plan;
  // Only what was held and proved is done: with the version unchanged it is the same plan.
  if (plan.refundMinor !== shown.refundMinor) return refuse('VERSION_CONFLICT', 'expectedVersion');
  const edit = await em.findOneOrFail(OrderEdit, { id: editId });
  if (edit.state !== 'HOLDING') return refuse('STOCK_BUSY');
  edit.state = 'DONE';
  const change = { at: new Date(), by: actorOf(ctx.viewer) };
  moveHolds(em, order, { lines, holds }, plan, editId);
  changeLines(em, order, lines, plan);
  const { refundMinor, dueMinor, differenceMinor } = plan;
  note(em, order, change, 'EDITED', { editId, reason: input.reason.slice(0, 200), changed: plan.changed.map(({ lineId, quantity }) => `${lineId} x ${quantity}`), added: plan.added.map(({ skuId, quantity }) => `${skuId} x ${quantity}`), differenceMinor, dueMinor, refundMinor, currency: order.currency });
  const booked = order.totalMinor - order.dueMinor;
  Object.assign(order, { itemsMinor: plan.itemsMinor, discountMinor: plan.discountMinor, shippingMinor: plan.shippingMinor, totalMinor: plan.totalMinor, dueMinor, editCount: order.editCount + 1 });
  if (refundMinor > 0) await giveBack(em, ctx, order, { refundMinor, editId }, change);
  // Nothing to pay is paid.
  if (terms.rule !== null && plan.totalMinor === 0) Object.assign(order, { paymentState: 'PAID', paidAt: change.at });
  amend(em, order, { editId, beforeMinor: booked });
  await advanceOrder(em, order, change);
  return { kind: 'done', orderId: order.id };
}

/** Units that it wants no more are given free where they are held; those that it wants more of are held by the edit. */
function moveHolds(em: EntityManager, order: SalesOrderRow, { lines, holds }: { readonly lines: readonly OrderLineRow[]; readonly holds: readonly OrderHoldRow[] }, plan: PlannedEdit, editId: Id<'oed'>): void {
  const { tenantId, connectionId } = order;
  for (const [skuId, quantity] of plan.more) em.create(OrderHold, { key: editId, skuId, tenantId, orderId: order.id, quantity, shipped: 0 });
  const taken = fromHolds(order.id, ownUnits(lines, holds), holds, plan.fewer, false);
  for (const { key, skuId, quantity } of taken) {
    const hold = holds.find((one) => one.key === key && one.skuId === skuId);
    if (hold !== undefined) hold.quantity -= quantity;
  }
  if (taken.length === 0) return;
  const released = [...Map.groupBy(taken, ({ key }) => key)].map(([key, some]) => ({ key, lines: some.map(({ skuId, quantity }) => ({ skuId, quantity })) }));
  record(em, orderEdited({ tenantId, sequence: order.version + 1, data: { orderId: order.id, connectionId, editId, released } }));
}

function changeLines(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[], plan: PlannedEdit): void {
  for (const { lineId, quantity } of plan.changed) {
    const line = lines.find(({ id }) => id === lineId)!;
    if (quantity === 0) em.remove(line);
    else line.quantity = quantity;
  }
  for (const line of lines) line.unitPriceMinor = plan.repriced.get(line.id) ?? line.unitPriceMinor;
  for (const { skuId, code, title, quantity, unitPriceMinor } of plan.added) {
    const id = newId('lin');
    em.create(OrderLine, { id, tenantId: order.tenantId, orderId: order.id, externalLineId: id, externalSku: code, skuId, title, quantity, shippedQuantity: 0, claimedQuantity: 0, unitPriceMinor, discountMinor: 0 });
  }
}

async function giveBack(em: EntityManager, ctx: GraphContext, order: SalesOrderRow, { refundMinor, editId }: { readonly refundMinor: number; readonly editId: string }, change: Change): Promise<void> {
  const payments = await em.find(Payment, { orderId: order.id, state: 'PAID' });
  const payment = payments.find(({ paidMinor, refundedMinor }) => paidMinor - refundedMinor >= refundMinor) ?? null;
  const toApprove = await needsSecondPerson(em, order, refundMinor);
  // The order costs less: its total has gone down already, so nothing more is taken off it.
  const refund = await oweRefund(em, order, { payment, amountMinor: refundMinor, currency: order.currency, reason: 'ORDER_EDITED', ofOrder: false, key: `edit:${editId}`, toApprove }, change);
  if (!toApprove) askFor(em, ctx.deps.jobs, SEND_REFUND, { tenantId: order.tenantId, refundId: refund.id }, refund.id);
}
