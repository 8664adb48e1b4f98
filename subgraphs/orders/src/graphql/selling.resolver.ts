import { parseId } from '@quanyu/ids';
import { fromMoneyInput, MoneyType, refuse, toMoneyType, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { placeOrder } from '../commands/selling/place-order.js';
import { addressOfBook } from '../queries/address-of-book.js';
import { quoteOrder } from '../commands/selling/quote-order.js';
import { actorOf } from '../domain/actor.js';
import type { PaymentRow, RefundRow } from '../entities/payment.entity.js';
import { paymentsByOrder, refundsByOrder } from '../queries/order-desk.js';
import { orderById } from '../queries/orders.js';
import { OrderType } from './order.type.js';
import { toErrors } from './orders-user-error.type.js';
import { PaymentType, PlaceOrderInput, PlaceOrderPayload, QuoteOrderInput, QuoteOrderPayload, RefundType, toAddress, type BasketLineInput } from './selling.type.js';

export const toPayment = ({ amountMinor, paidMinor, currency, client, ...row }: PaymentRow): PaymentType => ({
  ...row, paidAt: row.paidAt ?? null, amount: toMoneyType(amountMinor, currency), paid: toMoneyType(paidMinor, currency), client: client ? JSON.stringify(client) : null,
});
export const toRefund = ({ amountMinor, currency, ...row }: RefundRow): RefundType => ({ ...row, failureCode: row.failureCode ?? null, doneAt: row.doneAt ?? null, amount: toMoneyType(amountMinor, currency) });

const linesOf = (lines: readonly BasketLineInput[]): { skuId: string; quantity: number }[] => lines.map(({ skuId, quantity }) => ({ skuId: parseId('sku', skuId), quantity }));

@Resolver(() => OrderType)
export class SellingResolver {
  @Query(() => QuoteOrderPayload, { description: 'What a basket costs now in one of our own channels. Nothing is held by it.' })
  async quoteOrder(@Arg('input', () => QuoteOrderInput) { channelId, lines }: QuoteOrderInput, @Ctx() ctx: GraphContext): Promise<QuoteOrderPayload> {
    ctx.viewer.must('orders:buy');
    const quoted = await quoteOrder(ctx.deps, { tenantId: ctx.viewer.tenantId, connectionId: parseId('con', channelId), lines: linesOf(lines) });
    if (quoted.kind === 'refused') return { quote: null, userErrors: toErrors(quoted, ctx) };
    const of = (minor: number): MoneyType => toMoneyType(minor, quoted.currency);
    return {
      quote: {
        lines: quoted.lines.map((line) => ({ sku: { id: line.skuId }, quantity: line.quantity, unitPrice: of(line.unitPriceMinor), total: of(line.totalMinor) })),
        discounts: quoted.discounts.map(({ amountMinor, ...discount }) => ({ ...discount, amount: of(amountMinor) })),
        items: of(quoted.itemsMinor), discount: of(quoted.discountMinor), shipping: of(quoted.shippingMinor), total: of(quoted.totalMinor),
      },
      userErrors: [],
    };
  }

  @Mutation(() => PlaceOrderPayload, { description: 'Orders a basket: all lines are held for 15 minutes or none. Pay it with `startPayment`.' })
  async placeOrder(@Arg('input', () => PlaceOrderInput) input: PlaceOrderInput, @Ctx() ctx: GraphContext): Promise<PlaceOrderPayload> {
    const { viewer } = ctx;
    viewer.must('orders:buy');
    ctx.deps.doorLoad.note(1);
    const expected = input.expectedTotal ? fromMoneyInput(input.expectedTotal) : null;
    const memberId = viewer.kind === 'member' ? viewer.subjectId : input.memberId ? parseId('mem', input.memberId) : null;
    const address = input.shipTo ? toAddress(input.shipTo) : await addressOfBook(ctx, { memberId, addressId: input.addressId ? parseId('adr', input.addressId) : null });
    if (address === null) return { order: null, shortages: [], userErrors: toErrors(refuse('ADDRESS_INVALID', input.shipTo ? 'shipTo' : 'addressId'), ctx) };
    const placed = await placeOrder(ctx.deps, {
      tenantId: viewer.tenantId, connectionId: parseId('con', input.channelId), lines: linesOf(input.lines),
      address,
      expectedTotalMinor: expected?.amountMinor ?? null,
      memberId,
      by: actorOf(viewer), idempotencyKey: input.idempotencyKey,
    });
    if (placed.kind === 'placed') return { order: (await orderById(ctx).load(placed.orderId)) as OrderType | null, shortages: [], userErrors: [] };
    return { order: null, shortages: (placed.shortages ?? []).map(({ skuId, ...shortage }) => ({ ...shortage, sku: { id: skuId } })), userErrors: toErrors(placed, ctx) };
  }

  @FieldResolver(() => [PaymentType])
  async payments(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<PaymentType[]> {
    return (await paymentsByOrder(ctx).load(order.id)).map(toPayment);
  }

  @FieldResolver(() => [RefundType])
  async refunds(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<RefundType[]> {
    return (await refundsByOrder(ctx).load(order.id)).map(toRefund);
  }

  @FieldResolver(() => MoneyType, { description: 'What an edit has made it cost more and is not paid yet; it is not shipped until then. Pay it with `startPayment` or `recordPayment`.' })
  dueAmount(@Root() order: OrderType): MoneyType {
    return toMoneyType(order.dueMinor, order.currency);
  }

  @FieldResolver(() => MoneyType, { description: 'What has gone back of it, or is on its way.' })
  refundedAmount(@Root() order: OrderType): MoneyType {
    return toMoneyType(order.refundedMinor, order.currency);
  }
}
