import { parseId } from '@quanyu/ids';
import type { GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, Resolver } from 'type-graphql';
import { completeOrder } from '../commands/life/complete-order.js';
import { setHold } from '../commands/life/hold-order.js';
import { shipOrder } from '../commands/shipping/ship-order.js';
import { OrderPayload, orderPayload } from './orders-user-error.type.js';

@InputType()
export class OrderDeedInput {
  @Field(() => ID) orderId!: string;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@InputType()
class ShippedLineInput {
  @Field(() => ID) lineId!: string;
  @Field(() => Int) quantity!: number;
}

@InputType()
class ShipOrderInput extends OrderDeedInput {
  @Field({ description: 'SF, ZTO, YTO, STO, YUNDA, EMS, DEPPON, ...' }) carrier!: string;
  @Field() trackingNumber!: string;
  @Field(() => String, { nullable: true, description: 'Which of the carrier\'s services, in its own words: `usps_priority_mail`; up to 64 letters, digits, dots, dashes.' }) service?: string | null;
  @Field(() => [ShippedLineInput], { nullable: true, description: 'What the parcel holds; not given: all that is left.' }) lines?: ShippedLineInput[] | null;
}

@InputType()
class HoldOrderInput extends OrderDeedInput {
  @Field({ description: 'For colleagues; 200 characters at most, no personal data.' }) reason!: string;
}

@Resolver()
export class OrderDeedsMutations {
  @Mutation(() => OrderPayload, { description: 'Stops an order: it is not shipped until it is released.' })
  async holdOrder(@Arg('input', () => HoldOrderInput) { orderId, reason, idempotencyKey }: HoldOrderInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await setHold(ctx, { orderId: parseId('ord', orderId), hold: true, reason, idempotencyKey }));
  }

  @Mutation(() => OrderPayload, { description: 'Lets an order on hold go on.' })
  async releaseOrder(@Arg('input', () => OrderDeedInput) { orderId, idempotencyKey }: OrderDeedInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await setHold(ctx, { orderId: parseId('ord', orderId), hold: false, idempotencyKey }));
  }

  @Mutation(() => OrderPayload, { description: 'Sends a parcel of an order, the whole or a part; its channel is told of the number. A number that is known for the order is that parcel.' })
  async shipOrder(@Arg('input', () => ShipOrderInput) { orderId, lines, ...input }: ShipOrderInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await shipOrder(ctx, { ...input, orderId: parseId('ord', orderId), lines: lines?.map(({ lineId, quantity }) => ({ lineId: parseId('lin', lineId), quantity })) ?? null }));
  }

  @Mutation(() => OrderPayload, { description: 'Takes a shipped order for completed, before its time does.' })
  async completeOrder(@Arg('input', () => OrderDeedInput) { orderId, idempotencyKey }: OrderDeedInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await completeOrder(ctx, { orderId: parseId('ord', orderId), idempotencyKey }));
  }
}
