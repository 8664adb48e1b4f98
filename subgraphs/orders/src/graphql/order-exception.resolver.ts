import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { acceptException } from '../commands/life/accept-exception.js';
import { actionsOf, EXCEPTION_ACTIONS, EXCEPTION_STATES, exceptionActionRefusal, type ExceptionAction, type ExceptionState } from '../domain/exception-actions.js';
import type { ExceptionCode } from '../domain/order-state.js';
import type { OrdersErrorCode } from '../errors.js';
import { exceptionPage, orderById } from '../queries/orders.js';
import { enumOf, messageOf, OrderExceptionCodeEnum, OrderExceptionType, OrderType } from './order.type.js';
import { OrderPayload, orderPayload } from './orders-user-error.type.js';

const ExceptionActionEnum = enumOf(EXCEPTION_ACTIONS);
registerEnumType(ExceptionActionEnum, {
  name: 'OrderExceptionActionName',
  valuesConfig: {
    MAP_SKU: { description: '`mapChannelSku`, or make a SKU of that code.' },
    RETRY_RESERVATION: { description: '`retryReservation`.' },
    CHANGE_ADDRESS: { description: '`changeShipTo`.' },
    ACCEPT: { description: '`acceptException`: a person agrees to it as it is; an order that is short waits for its goods.' },
  },
});
const ExceptionStateEnum = enumOf(EXCEPTION_STATES);
registerEnumType(ExceptionStateEnum, { name: 'OrderExceptionState', description: 'Where an exception stands.' });

@ObjectType({ description: 'Whether something can be done about an exception now.' })
class OrderExceptionActionType {
  @Field(() => ExceptionActionEnum) action!: ExceptionAction;
  @Field() enabled!: boolean;
  @Field(() => String, { nullable: true, description: 'The code that the mutation would refuse with.' }) reason!: OrdersErrorCode | null;
  @Field(() => String, { nullable: true, description: 'The reason in words.' }) message!: string | null;
}

@InputType()
class AcceptExceptionInput {
  @Field(() => ID) exceptionId!: string;
  @Field({ description: 'For colleagues; 200 characters at most, no personal data.' }) reason!: string;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@InputType({ description: 'All that is given must hold.' })
class OrderExceptionFilterInput {
  @Field(() => [ExceptionStateEnum], { defaultValue: ['OPEN'] }) states!: ExceptionState[];
  @Field(() => [OrderExceptionCodeEnum], { nullable: true }) codes?: ExceptionCode[] | null;
  @Field(() => [ID], { nullable: true }) channelIds?: string[] | null;
}

const OrderExceptionConnection = Connection(OrderExceptionType, 'OrderException');

@Resolver(() => OrderExceptionType)
export class OrderExceptionResolver {
  @Query(() => OrderExceptionConnection, { description: 'The work list: what orders of your channels wait for a person for, newest first.' })
  orderExceptions(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => OrderExceptionFilterInput, { nullable: true }) filter?: OrderExceptionFilterInput,
  ): Promise<Page<OrderExceptionType>> {
    ctx.viewer.must('orders:read');
    const { states = ['OPEN'], codes, channelIds } = filter ?? {};
    return exceptionPage(ctx, { states, codes: codes ?? undefined, channelIds: channelIds?.map((id) => parseId('con', id)) }, parsePage(page, 'exc')) as unknown as Promise<Page<OrderExceptionType>>;
  }

  @FieldResolver(() => OrderType, { nullable: true })
  order(@Root() exception: OrderExceptionType, @Ctx() ctx: GraphContext): Promise<OrderType | null> {
    return orderById(ctx).load(exception.orderId) as Promise<OrderType | null>;
  }

  @FieldResolver(() => [OrderExceptionActionType], { description: 'What can be done about it.' })
  async availableActions(@Root() { code, state, orderId }: OrderExceptionType, @Ctx() ctx: GraphContext): Promise<OrderExceptionActionType[]> {
    const order = await orderById(ctx).load(orderId);
    if (order === null) return [];
    const facts = { code, state: state as ExceptionState, orderStatus: order.status };
    return actionsOf(code).map((action) => {
      const reason = exceptionActionRefusal(facts, action, (scope) => ctx.viewer.can(scope));
      return { action, enabled: reason === null, reason, message: reason === null ? null : messageOf(reason, ctx.language) };
    });
  }

  @Mutation(() => OrderPayload, { description: 'Agrees to what an exception tells of, as it is: the order goes on. One that is short waits for its goods.' })
  async acceptException(@Arg('input', () => AcceptExceptionInput) { exceptionId, ...input }: AcceptExceptionInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await acceptException(ctx, { ...input, exceptionId: parseId('exc', exceptionId) }));
  }
}
