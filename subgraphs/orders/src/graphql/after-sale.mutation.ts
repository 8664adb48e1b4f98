import { parseId } from '@quanyu/ids';
import { fromMoneyInput, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { approveRefund, recordRefund } from '../commands/payment/decide-refund.js';
import { requestAfterSale, type AfterSaleDone } from '../commands/after-sale/request-after-sale.js';
import { settleAfterSale } from '../commands/after-sale/settle-after-sale.js';
import { treatAfterSale, type Treatment } from '../commands/after-sale/treat-after-sale.js';
import { afterSaleById } from '../queries/after-sales.js';
import { orderById } from '../queries/orders.js';
import { AfterSaleDeedInput, AfterSalePayload, DecideAfterSaleInput, RefundDeedInput, RequestAfterSaleInput, SendBackInput, SettleAfterSaleInput, type AfterSaleType } from './after-sale.type.js';
import type { OrderType } from './order.type.js';
import { OrderPayload, orderPayload, toErrors } from './orders-user-error.type.js';

async function payloadOf(ctx: GraphContext, result: AfterSaleDone): Promise<AfterSalePayload> {
  if (result.kind === 'refused') return { afterSale: null, order: null, userErrors: toErrors(result, ctx) };
  const [afterSale, order] = await Promise.all([afterSaleById(ctx).load(result.afterSaleId), orderById(ctx).load(result.orderId)]);
  return { afterSale: afterSale as unknown as AfterSaleType, order: order as OrderType | null, userErrors: [] };
}

const treat = async (ctx: GraphContext, treatment: Treatment): Promise<AfterSalePayload> => payloadOf(ctx, await treatAfterSale(ctx, { ...treatment, afterSaleId: parseId('afs', treatment.afterSaleId) }));

@Resolver()
export class AfterSaleMutations {
  @Mutation(() => AfterSalePayload, { description: 'Claims units of a shipped order back: never more than was bought.' })
  async requestAfterSale(@Arg('input', () => RequestAfterSaleInput) { orderId, lines, refund, evidence, ...input }: RequestAfterSaleInput, @Ctx() ctx: GraphContext): Promise<AfterSalePayload> {
    ctx.viewer.must('orders:buy');
    return payloadOf(ctx, await requestAfterSale(ctx, {
      ...input, orderId: parseId('ord', orderId), lines: lines.map(({ lineId, quantity }) => ({ lineId: parseId('lin', lineId), quantity })), evidence: evidence ?? [], refund: refund ? fromMoneyInput(refund) : null,
    }));
  }

  @Mutation(() => AfterSalePayload, { description: 'Says yes or no to an after-sale; a no is possible again when the goods have been looked at.' })
  decideAfterSale(@Arg('input', () => DecideAfterSaleInput) { approve, ...input }: DecideAfterSaleInput, @Ctx() ctx: GraphContext): Promise<AfterSalePayload> {
    ctx.viewer.must('orders:write');
    return treat(ctx, { ...input, deed: approve ? 'APPROVE' : 'DENY' });
  }

  @Mutation(() => AfterSalePayload, { description: 'Says by which parcel the goods come back.' })
  sendBack(@Arg('input', () => SendBackInput) input: SendBackInput, @Ctx() ctx: GraphContext): Promise<AfterSalePayload> {
    ctx.viewer.must('orders:buy');
    return treat(ctx, { ...input, deed: 'SEND_BACK' });
  }

  @Mutation(() => AfterSalePayload, { description: 'Says that the goods have come back.' })
  receiveReturn(@Arg('input', () => AfterSaleDeedInput) input: AfterSaleDeedInput, @Ctx() ctx: GraphContext): Promise<AfterSalePayload> {
    ctx.viewer.must('orders:write');
    return treat(ctx, { ...input, deed: 'RECEIVE' });
  }

  @Mutation(() => AfterSalePayload, { description: 'Gives an after-sale up before the goods are on their way; it can be asked for anew.' })
  withdrawAfterSale(@Arg('input', () => AfterSaleDeedInput) input: AfterSaleDeedInput, @Ctx() ctx: GraphContext): Promise<AfterSalePayload> {
    ctx.viewer.must('orders:buy');
    return treat(ctx, { ...input, deed: 'WITHDRAW' });
  }

  @Mutation(() => AfterSalePayload, { description: 'The goods were looked at: they are restocked or scrapped, and the money goes back or other goods go out.' })
  async settleAfterSale(@Arg('input', () => SettleAfterSaleInput) { afterSaleId, lines, ...input }: SettleAfterSaleInput, @Ctx() ctx: GraphContext): Promise<AfterSalePayload> {
    ctx.viewer.must('orders:write');
    return payloadOf(ctx, await settleAfterSale(ctx, { ...input, afterSaleId: parseId('afs', afterSaleId), lines: lines.map(({ lineId, restock, scrap }) => ({ lineId: parseId('lin', lineId), restock, scrap })) }));
  }

  @Mutation(() => OrderPayload, { description: 'Agrees to a large refund; who asked for it cannot.' })
  async approveRefund(@Arg('input', () => RefundDeedInput) { refundId, ...input }: RefundDeedInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await approveRefund(ctx, { ...input, refundId: parseId('rfd', refundId) }));
  }

  @Mutation(() => OrderPayload, { description: 'Says that money went back by other means: in cash, by the channel, or where a platform had refused for good.' })
  async recordRefund(@Arg('input', () => RefundDeedInput) { refundId, ...input }: RefundDeedInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await recordRefund(ctx, { ...input, refundId: parseId('rfd', refundId) }));
  }
}
