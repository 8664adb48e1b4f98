import { orderChanged, type EventOf } from '@quanyu/events';
import { parseId } from '@quanyu/ids';
import { Connection, DateTime, follow, MoneyType, PageArgs, parsePage, ProductError, toMoneyType, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root, Subscription } from 'type-graphql';
import { parseSearch } from '../domain/order-search.js';
import type { OrderStatus } from '../domain/order-state.js';
import { exceptionsByOrder, linesByOrder, orderById, orderPage, type OrderFilter } from '../queries/orders.js';
import { maskedAddress } from '../queries/masked-address.js';
import { maskedNotes } from '../queries/masked-notes.js';
import { ChannelStub } from './channel.stub.js';
import { MaskedAddress, OrderAmounts, OrderExceptionType, OrderLineType, OrderNotes, OrderSourceEnum, OrderStatusEnum, OrderType } from './order.type.js';

export const OrderConnection = Connection(OrderType, 'Order');

@InputType({ description: 'All that is given must hold.' })
class OrderFilterInput {
  @Field(() => [OrderStatusEnum], { nullable: true }) statuses?: OrderStatus[] | null;
  @Field(() => [ID], { nullable: true }) channelIds?: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Only orders with (or without) an open exception.' }) hasException?: boolean | null;
  @Field(() => String, { nullable: true, description: 'Exactly this number.' }) orderNumber?: string | null;
  @Field(() => String, { nullable: true, description: "How the number begins, with or without `#`, or the channel's own id of it." }) text?: string | null;
  @Field(() => ID, { nullable: true, description: 'Orders with a line of this SKU.' }) skuId?: string | null;
  @Field(() => OrderSourceEnum, { nullable: true }) source?: 'CHANNEL' | 'OWN' | null;
  @Field(() => Boolean, { nullable: true }) onHold?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'Only orders with (or without) an open after-sale, ours or the channel\'s.' }) inAfterSale?: boolean | null;
  @Field(() => DateTime, { nullable: true, description: 'From, inclusive.' }) placedFrom?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Until, exclusive.' }) placedBefore?: Date | null;
  @Field(() => ID, { nullable: true }) memberId?: string | null;
}

const given = <T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], null> } => Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined)) as never;

function filterOf(input: OrderFilterInput | undefined, query: string | undefined): OrderFilter {
  const { channelIds, skuId, memberId, ...rest } = given(input ?? {} as OrderFilterInput);
  const parsed = parseSearch(query ?? '');
  if (parsed.kind === 'refused') throw new ProductError('INPUT_INVALID', `query: ${parsed.term}`);
  return {
    ...parsed.search, ...rest, ...(channelIds && { channelIds: channelIds.map((id) => parseId('con', id)) }),
    ...(skuId && { skuId: parseId('sku', skuId) }), ...(memberId && { memberId: parseId('mem', memberId) }),
  };
}

@Resolver(() => OrderType)
export class OrderResolver {
  @Query(() => OrderConnection, { description: 'Orders of the channels that you may see, newest first.' })
  orders(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => OrderFilterInput, { nullable: true }) filter?: OrderFilterInput,
    @Arg('query', () => String, { nullable: true, description: 'For people: `status:to_ship created_at:>=2026-01-01 has:exception #1002`. What is not understood is refused.' }) query?: string,
  ): Promise<Page<OrderType>> {
    ctx.viewer.must('orders:read');
    return orderPage(ctx, filterOf(filter ?? undefined, query ?? undefined), parsePage(page, 'ord')) as Promise<Page<OrderType>>;
  }

  @Query(() => OrderConnection, { description: 'For members: the orders that you placed with us, newest first.' })
  myOrders(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<OrderType>> {
    ctx.viewer.must('orders:buy');
    return orderPage(ctx, { memberId: ctx.viewer.subjectId, source: 'OWN' }, parsePage(page, 'ord')) as Promise<Page<OrderType>>;
  }

  @Query(() => OrderType, { nullable: true, description: 'For members: one of your own orders.' })
  myOrder(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<OrderType | null> | null {
    ctx.viewer.must('orders:buy');
    return ctx.viewer.kind === 'member' ? orderById(ctx).load(parseId('ord', id)) as Promise<OrderType | null> : null;
  }

  @Query(() => OrderType, { nullable: true })
  order(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<OrderType | null> {
    ctx.viewer.must('orders:read');
    return orderById(ctx).load(parseId('ord', id)) as Promise<OrderType | null>;
  }

  @Subscription(() => OrderType, {
    description: 'The newest 20 orders, then orders as they change, in the channels that you may see.',
    subscribe: follow<{ channelIds?: string[] }>(({ channelIds }, ctx) => {
      ctx.viewer.must('orders:read');
      const wanted = channelIds && new Set<string>(channelIds.map((id) => parseId('con', id)));
      return {
        types: [orderChanged.type],
        match: (event) => {
          const { connectionId } = (event as EventOf<typeof orderChanged>).data;
          return ctx.viewer.seesChannel(connectionId) && (wanted?.has(connectionId) ?? true);
        },
        current: async () => {
          const { nodes } = await orderPage(ctx, wanted ? { channelIds: [...wanted] } : {}, parsePage({}));
          return nodes.map(({ id }) => ({ orderId: id })).reverse();
        },
      };
    }),
  })
  ordersChanged(@Root() event: EventOf<typeof orderChanged>, @Ctx() ctx: GraphContext, @Arg('channelIds', () => [ID], { nullable: true }) _channelIds?: string[]): Promise<OrderType | null> {
    return orderById(ctx).load(event.data.orderId) as Promise<OrderType | null>;
  }

  @Subscription(() => OrderType, {
    nullable: true,
    description: 'One order as it is, then as it changes; null while it does not exist, or is not in your channels.',
    subscribe: follow<{ id: string }>(({ id }, ctx) => {
      ctx.viewer.must('orders:read');
      const orderId = parseId('ord', id);
      return {
        types: [orderChanged.type],
        match: ({ subject, data }) => subject === orderId && ctx.viewer.seesChannel((data as EventOf<typeof orderChanged>['data']).connectionId),
        keyOf: () => orderId,
        current: async () => [{ orderId }],
      };
    }),
  })
  orderChanged(@Root() event: EventOf<typeof orderChanged>, @Ctx() ctx: GraphContext, @Arg('id', () => ID) _id: string): Promise<OrderType | null> {
    return orderById(ctx).load(event.data.orderId) as Promise<OrderType | null>;
  }

  @FieldResolver(() => [OrderLineType])
  lines(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<readonly OrderLineType[]> {
    return linesByOrder(ctx).load(order.id) as Promise<readonly OrderLineType[]>;
  }

  @FieldResolver(() => [OrderExceptionType], { description: 'For staff; a buyer sees none.' })
  exceptions(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<readonly OrderExceptionType[]> {
    if (ctx.viewer.kind === 'member') return Promise.resolve([]);
    return exceptionsByOrder(ctx).load(order.id) as Promise<readonly OrderExceptionType[]>;
  }

  @FieldResolver(() => ChannelStub, { nullable: true, description: 'The shop of an outside platform that it was placed in; null for one that we took ourselves.' })
  channel(@Root() order: OrderType): ChannelStub | null {
    return order.source === 'OWN' ? null : { id: order.connectionId };
  }

  @FieldResolver(() => OrderAmounts)
  amounts(@Root() order: OrderType): OrderAmounts {
    const of = (minor: number): MoneyType => toMoneyType(minor, order.currency);
    return { items: of(order.itemsMinor), discount: of(order.discountMinor), shipping: of(order.shippingMinor), tax: of(order.taxMinor), total: of(order.totalMinor) };
  }

  @FieldResolver(() => OrderNotes, { nullable: true })
  notes(@Root() order: OrderType, @Ctx() ctx: GraphContext): OrderNotes | null {
    const notes = maskedNotes(ctx.deps.vault, order as never);
    return notes && ctx.viewer.kind === 'member' ? { ...notes, seller: null } : notes;
  }

  @FieldResolver(() => MaskedAddress, { nullable: true })
  shipTo(@Root() order: OrderType, @Ctx() ctx: GraphContext): MaskedAddress | null {
    return maskedAddress(ctx.deps.vault, order as never);
  }
}
