import type { EntityManager } from '@mikro-orm/postgresql';
import { goodsReturned } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { stepOf } from '../../domain/after-sale.js';
import { AfterSaleLine, type AfterSaleLineRow, type AfterSaleRow } from '../../entities/after-sale.entity.js';
import { OrderLine, type OrderLineRow } from '../../entities/order-line.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from '../life/advance-order.js';
import { moveAfterSale } from './end-after-sale.js';
import { promiseRefund } from '../payment/promise-refund.js';
import { placeReplacement } from '../selling/place-replacement.js';
import type { StepUpToken } from '../payment/second-factor.js';
import type { AfterSaleDone } from './request-after-sale.js';
import { lockAfterSale, refundGuard } from './treat-after-sale.js';

export interface Inspected { readonly lineId: string; readonly restock: number; readonly scrap: number }
export interface SettleAfterSale extends StepUpToken { readonly afterSaleId: string; readonly lines: readonly Inspected[]; readonly idempotencyKey: string }

/**
 * The goods were looked at: good ones go to stock again, others are scrapped; then the money goes back, or other goods
 * go out by an order of their own that costs nothing. That order is placed first, under a key of the after-sale: what is
 * cut off in between is gone on with by the same request.
 */
export async function settleAfterSale(ctx: GraphContext, { stepUpToken, ...input }: SettleAfterSale): Promise<AfterSaleDone> {
  const unproved = await refundGuard(ctx, { ...input, deed: 'SETTLE' }, { stepUpToken, use: `settleAfterSale ${input.idempotencyKey}` });
  if (unproved !== null) return unproved;
  const replacement = await placeReplacement(ctx, input.afterSaleId);
  if (replacement.kind === 'refused') return replacement;
  return ctx.write('settle-after-sale', (em) => once(em, ctx.viewer.tenantId, { mutation: 'settleAfterSale', key: input.idempotencyKey, input }, async () => {
    const found = await lockAfterSale(em, input.afterSaleId);
    if (found === null || !ctx.viewer.seesChannel(found.order.connectionId)) return refuse('AFTER_SALE_NOT_FOUND', 'afterSaleId');
    const { order, afterSale } = found;
    const state = stepOf(afterSale.kind, afterSale.state, 'SETTLE');
    if (state === null) return refuse('AFTER_SALE_STATE', 'afterSaleId');
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    const wrong = await takeBack(em, order, afterSale, input.lines);
    if (wrong !== null) return wrong;
    if (state === 'REFUNDING') {
      const refusal = await promiseRefund(em, ctx.deps.jobs, order, afterSale, change);
      if (refusal !== null) return refusal;
    }
    if (replacement.orderId !== null) afterSale.replacementOrderId = replacement.orderId as never;
    await moveAfterSale(em, order, afterSale, state, change);
    await advanceOrder(em, order, change);
    return { kind: 'done', afterSaleId: afterSale.id, orderId: order.id };
  }));
}

async function takeBack(em: EntityManager, order: SalesOrderRow, afterSale: AfterSaleRow, inspected: readonly Inspected[]): Promise<Refusal<OrdersErrorCode> | null> {
  const claims = await em.find(AfterSaleLine, { afterSaleId: afterSale.id });
  const lines = new Map((await em.find(OrderLine, { orderId: order.id })).map((line) => [line.id as string, line]));
  const fates: { skuId: string; quantity: number; fate: 'RESTOCK' | 'SCRAP' }[] = [];
  for (const claim of claims) {
    const found = inspected.filter(({ lineId }) => lineId === claim.orderLineId);
    if (found.length !== 1 || !addsUp(claim, found[0]!)) return refuse('INSPECTION_INVALID', 'lines');
    const { restock, scrap } = found[0]!;
    Object.assign(claim, { restocked: restock, scrapped: scrap });
    fates.push(...fatesOf(lines.get(claim.orderLineId)!, restock, scrap));
  }
  if (inspected.length !== claims.length) return refuse('INSPECTION_INVALID', 'lines');
  if (fates.length > 0) {
    record(em, goodsReturned({ tenantId: order.tenantId, sequence: afterSale.version + 1, data: { orderId: order.id, connectionId: order.connectionId, afterSaleId: afterSale.id, lines: fates } }));
  }
  return null;
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0;
const addsUp = ({ quantity }: AfterSaleLineRow, { restock, scrap }: Inspected): boolean => isCount(restock) && isCount(scrap) && restock + scrap === quantity;
const fatesOf = ({ skuId }: OrderLineRow, restock: number, scrap: number): { skuId: string; quantity: number; fate: 'RESTOCK' | 'SCRAP' }[] =>
  ([['RESTOCK', restock], ['SCRAP', scrap]] as const).flatMap(([fate, quantity]) => (quantity > 0 ? [{ skuId: skuId!, quantity, fate }] : []));
