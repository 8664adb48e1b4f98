import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf, system } from '../../domain/actor.js';
import { RETURN_DAYS, stepOf, type AfterSaleDeed, type AfterSaleState } from '../../domain/after-sale.js';
import { AfterSale, type AfterSaleRow } from '../../entities/after-sale.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from '../life/advance-order.js';
import { moveAfterSale } from './end-after-sale.js';
import { lockOrder } from '../life/load-order.js';
import { promiseRefund } from '../payment/promise-refund.js';
import { secondFactorRefusal, type StepUpToken } from '../payment/second-factor.js';
import type { AfterSaleDone } from './request-after-sale.js';
import { isTheirs } from '../payment/start-payment.js';
import type { Change } from '../life/timeline.js';

export interface Treatment extends StepUpToken {
  readonly afterSaleId: string;
  readonly deed: Exclude<AfterSaleDeed, 'SETTLE'>;
  /** Why, or what the buyer is told. */
  readonly answer?: string | null;
  readonly carrier?: string | null;
  readonly trackingNumber?: string | null;
  readonly idempotencyKey: string;
}

const DAY_MS = 86_400_000;
export const isTracking = (text: string | null | undefined): text is string => /^[A-Za-z0-9-]{4,40}$/.test(text ?? '');
export const isCarrier = (text: string | null | undefined): text is string => /^[A-Z0-9_]{2,32}$/.test(text ?? '');

/** The after-sale and its order, the order locked first: whoever pays, ships or treats waits for the others there. */
export async function lockAfterSale(em: EntityManager, afterSaleId: string): Promise<{ readonly order: SalesOrderRow; readonly afterSale: AfterSaleRow } | null> {
  const known = await em.findOne(AfterSale, { id: afterSaleId as never }, { fields: ['orderId'], disableIdentityMap: true });
  const order = known && (await lockOrder(em, known.orderId));
  if (!order) return null;
  return { order, afterSale: await em.findOneOrFail(AfterSale, { id: afterSaleId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE }) };
}

/** Approves or denies an after-sale, takes in that its goods are on their way or have come, or gives it up. */
export async function treatAfterSale(ctx: GraphContext, { stepUpToken, ...input }: Treatment): Promise<AfterSaleDone> {
  const unproved = await refundGuard(ctx, input, { stepUpToken, use: `${input.deed} ${input.idempotencyKey}` });
  if (unproved !== null) return unproved;
  return ctx.write('treat-after-sale', (em) => once(em, ctx.viewer.tenantId, { mutation: `${input.deed} afterSale`, key: input.idempotencyKey, input }, async () => {
    const found = await lockAfterSale(em, input.afterSaleId);
    if (found === null || !isTheirs(ctx, found.order)) return refuse('AFTER_SALE_NOT_FOUND', 'afterSaleId');
    const { order, afterSale } = found;
    const state = stepOf(afterSale.kind, afterSale.state, input.deed);
    if (state === null) return refuse('AFTER_SALE_STATE', 'afterSaleId');
    if (input.deed === 'DENY' && (!input.answer || input.answer.length > 200)) return refuse('REASON_INVALID', 'answer');
    if (input.deed === 'SEND_BACK' && (!isCarrier(input.carrier) || !isTracking(input.trackingNumber))) return refuse('TRACKING_INVALID', 'trackingNumber');
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    const refusal = await apply(em, ctx, { order, afterSale, state, input, change });
    if (refusal !== null) return refusal;
    await moveAfterSale(em, order, afterSale, state, change);
    await advanceOrder(em, order, change);
    return { kind: 'done', afterSaleId: afterSale.id, orderId: order.id };
  }));
}

/** A deed that promises money asks for a second factor first; null for others, and where it will be refused anyway. */
export async function refundGuard(ctx: GraphContext, { afterSaleId, deed }: { readonly afterSaleId: string; readonly deed: AfterSaleDeed }, { use, stepUpToken }: StepUpToken & { readonly use: string }): Promise<Refusal<OrdersErrorCode> | null> {
  if (deed !== 'APPROVE' && deed !== 'SETTLE') return null;
  const seen = await ctx.read((em) => em.findOne(AfterSale, { id: afterSaleId as never }, { disableIdentityMap: true }));
  if (seen === null || !ctx.viewer.seesChannel(seen.connectionId) || stepOf(seen.kind, seen.state, deed) !== 'REFUNDING') return null;
  return secondFactorRefusal(ctx, { stepUpToken }, { action: 'REFUND', subject: seen.id, amount: { minor: seen.refundMinor, currency: seen.currency }, use });
}

interface Step { readonly order: SalesOrderRow; readonly afterSale: AfterSaleRow; readonly state: AfterSaleState; readonly input: Omit<Treatment, 'stepUpToken'>; readonly change: Change }

async function apply(em: EntityManager, ctx: GraphContext, { order, afterSale, state, input, change }: Step): Promise<Refusal<OrdersErrorCode> | null> {
  switch (input.deed) {
    case 'APPROVE': case 'DENY':
      afterSale.decidedBy = change.by.id;
      afterSale.answer = input.answer ?? null;
      if (state === 'APPROVED') afterSale.returnBy = new Date(change.at.getTime() + RETURN_DAYS * DAY_MS);
      return state === 'REFUNDING' ? promiseRefund(em, ctx.deps.jobs, order, afterSale, change) : null;
    case 'SEND_BACK':
      afterSale.returnCarrier = input.carrier!;
      afterSale.returnTracking = input.trackingNumber!;
      return null;
    default: return null;
  }
}

/** The buyer was allowed to send goods back and has not: it is over, and can be asked for anew. Repeats safely. */
export const endSilentAfterSale = (database: Database, { tenantId, afterSaleId }: { readonly tenantId: string; readonly afterSaleId: string }): Promise<void> => database.write(tenantId, 'end-silent-after-sale', async (em) => {
  const found = await lockAfterSale(em, afterSaleId);
  const [due] = await em.execute<unknown[]>("select 1 from after_sale where id = ? and state = 'APPROVED' and return_by <= app_now()", [afterSaleId]);
  if (found === null || due === undefined) return;
  const change = { at: new Date(), by: system('orders.end-silent-after-sale') };
  await moveAfterSale(em, found.order, found.afterSale, 'WITHDRAWN', change);
  await advanceOrder(em, found.order, change);
});
