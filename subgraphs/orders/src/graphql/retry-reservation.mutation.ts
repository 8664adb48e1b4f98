import { parseId } from '@quanyu/ids';
import type { GraphContext, UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { retryReservation } from '../commands/intake/retry-reservation.js';
import { OrderType } from './order.type.js';
import { orderPayload, OrdersUserError } from './orders-user-error.type.js';

@InputType()
class RetryReservationInput {
  @Field(() => ID) orderId!: string;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class RetryReservationPayload {
  @Field(() => OrderType, { nullable: true }) order!: OrderType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class RetryReservationMutation {
  @Mutation(() => RetryReservationPayload, { description: 'Asks for stock again for an order that was short; follow `ordersChanged` for the answer.' })
  async retryReservation(@Arg('input', () => RetryReservationInput) input: RetryReservationInput, @Ctx() ctx: GraphContext): Promise<RetryReservationPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await retryReservation(ctx, { ...input, orderId: parseId('ord', input.orderId) }));
  }
}
