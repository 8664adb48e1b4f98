import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, MoneyType, toMoneyType, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import { AFTER_SALE_DEEDS, stepOf, type AfterSaleState } from '../domain/after-sale.js';
import { afterSaleById, afterSalePage, afterSalesByOrder, linesByAfterSale } from '../queries/after-sales.js';
import { linesByOrder, orderById } from '../queries/orders.js';
import { AfterSaleAction, AfterSaleLineType, AfterSaleStateEnum, AfterSaleType } from './after-sale.type.js';
import { OrderType, type OrderLineType } from './order.type.js';

const AfterSaleConnection = Connection(AfterSaleType, 'AfterSale');

@InputType()
class AfterSaleFilterInput {
  @Field(() => [AfterSaleStateEnum], { nullable: true }) states?: AfterSaleState[] | null;
  @Field(() => [ID], { nullable: true }) channelIds?: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Only those that wait for a decision past `decideBy`.' }) overdue?: boolean | null;
}

@Resolver(() => AfterSaleType)
export class AfterSaleResolver {
  @Query(() => AfterSaleConnection, { description: 'After-sales of the channels that you may see, newest first.' })
  afterSales(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => AfterSaleFilterInput, { nullable: true }) filter?: AfterSaleFilterInput): Promise<Page<AfterSaleType>> {
    ctx.viewer.must('orders:read');
    const { states, channelIds, overdue } = filter ?? {};
    return afterSalePage(ctx, { states: states ?? undefined, channelIds: channelIds?.map((id) => parseId('con', id)), overdue: overdue ?? undefined }, parsePage(page, 'afs')) as unknown as Promise<Page<AfterSaleType>>;
  }

  @Query(() => AfterSaleConnection, { description: 'For members: after-sales of your own orders, newest first.' })
  myAfterSales(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<AfterSaleType>> {
    ctx.viewer.must('orders:buy');
    return afterSalePage(ctx, {}, parsePage(page, 'afs')) as unknown as Promise<Page<AfterSaleType>>;
  }

  @Query(() => AfterSaleType, { nullable: true })
  afterSale(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<AfterSaleType | null> {
    ctx.viewer.must('orders:read');
    return afterSaleById(ctx).load(parseId('afs', id)) as unknown as Promise<AfterSaleType | null>;
  }

  @FieldResolver(() => OrderType)
  order(@Root() { orderId }: AfterSaleType, @Ctx() ctx: GraphContext): Promise<OrderType> {
    return orderById(ctx).load(orderId) as Promise<OrderType>;
  }

  @FieldResolver(() => OrderType, { nullable: true, description: 'The order that brings other goods instead; it may be exchanged in its turn.' })
  async replacement(@Root() { replacementOrderId }: AfterSaleType, @Ctx() ctx: GraphContext): Promise<OrderType | null> {
    return replacementOrderId ? (await orderById(ctx).load(replacementOrderId)) as OrderType | null : null;
  }

  @FieldResolver(() => MoneyType)
  refundAmount(@Root() { refundMinor, currency }: AfterSaleType): MoneyType {
    return toMoneyType(refundMinor, currency);
  }

  @FieldResolver(() => [AfterSaleLineType])
  async lines(@Root() { id, orderId }: AfterSaleType, @Ctx() ctx: GraphContext): Promise<AfterSaleLineType[]> {
    const [claims, lines] = await Promise.all([linesByAfterSale(ctx).load(id), linesByOrder(ctx).load(orderId)]);
    const byId = new Map(lines.map((line) => [line.id, line]));
    return claims.map(({ orderLineId, ...claim }) => ({ ...claim, line: byId.get(orderLineId) as OrderLineType }));
  }

  @FieldResolver(() => [AfterSaleAction])
  availableActions(@Root() { kind, state }: AfterSaleType): AfterSaleAction[] {
    return AFTER_SALE_DEEDS.map((action) => {
      const enabled = stepOf(kind, state, action) !== null;
      return { action, enabled, reason: enabled ? null : 'AFTER_SALE_STATE' };
    });
  }
}

@Resolver(() => OrderType)
export class OrderAfterSalesResolver {
  @FieldResolver(() => [AfterSaleType])
  afterSales(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<readonly AfterSaleType[]> {
    return afterSalesByOrder(ctx).load(order.id) as unknown as Promise<readonly AfterSaleType[]>;
  }
}
