import { parseId } from '@quanyu/ids';
import type { GraphContext, UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { requestWaybills, voidWaybill } from '../commands/shipping/request-waybills.js';
import { scanParcel } from '../commands/shipping/scan-parcel.js';
import { orderById } from '../queries/orders.js';
import { trackByNumber, waybillById, waybillsByOrder } from '../queries/waybills.js';
import { messageOf, OrderType } from './order.type.js';
import { OrderPayload, orderPayload, OrdersUserError, toErrors } from './orders-user-error.type.js';
import { ParcelType } from './parcel.type.js';
import { ParcelTrackType, WaybillType } from './waybill.type.js';

@InputType()
class RequestWaybillsInput {
  @Field(() => [ID], { description: '1 to 500.' }) orderIds!: string[];
  @Field(() => String, { nullable: true, description: 'Not given: the one that is advised for each order.' }) carrier?: string | null;
  @Field() idempotencyKey!: string;
}

@ObjectType({ description: 'An order that got no waybill, and why.' })
class WaybillRefusal {
  @Field(() => ID) orderId!: string;
  @Field() code!: string;
  @Field() message!: string;
}

@ObjectType()
class RequestWaybillsPayload {
  @Field(() => [WaybillType], { description: 'One for each order that can be sent; their numbers come within seconds.' }) waybills!: WaybillType[];
  @Field(() => [WaybillRefusal]) refused!: WaybillRefusal[];
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@InputType()
class VoidWaybillInput {
  @Field(() => ID) waybillId!: string;
  @Field() idempotencyKey!: string;
}

@ObjectType()
class WaybillPayload {
  @Field(() => WaybillType, { nullable: true }) waybill!: WaybillType | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@InputType()
class ScanParcelInput {
  @Field({ description: 'As the barcode says it.' }) trackingNumber!: string;
  @Field() idempotencyKey!: string;
}

@Resolver(() => WaybillType)
export class WaybillResolver {
  @FieldResolver(() => OrderType)
  order(@Root() waybill: WaybillType, @Ctx() ctx: GraphContext): Promise<OrderType> {
    return orderById(ctx).load(waybill.orderId) as unknown as Promise<OrderType>;
  }

  @FieldResolver(() => Boolean, { description: "The receiver is masked: only the channel's print component can print it, as CAINIAO." })
  componentOnly(@Root() { sealedPrint }: WaybillType): boolean {
    return sealedPrint !== null && sealedPrint !== undefined;
  }

  @Mutation(() => RequestWaybillsPayload, { description: "Asks carriers for numbers. An order that has one keeps it. A receiver whom a channel masks gets theirs from the channel's own waybill service." })
  async requestWaybills(@Arg('input', () => RequestWaybillsInput) { orderIds, carrier, idempotencyKey }: RequestWaybillsInput, @Ctx() ctx: GraphContext): Promise<RequestWaybillsPayload> {
    ctx.viewer.must('orders:write');
    const result = await requestWaybills(ctx, { orderIds: orderIds.map((id) => parseId('ord', id)), carrier: carrier ?? null, idempotencyKey });
    if (result.kind === 'refused') return { waybills: [], refused: [], userErrors: toErrors(result, ctx) };
    const waybills = await Promise.all(result.waybillIds.map((id) => waybillById(ctx).load(id)));
    return { waybills: waybills.filter((one) => one !== null) as unknown as WaybillType[], refused: result.refused.map(({ orderId, code }) => ({ orderId, code, message: messageOf(code, ctx.language) })), userErrors: [] };
  }

  @Mutation(() => WaybillPayload, { description: 'Gives up a waybill that was not sent, so that its order can get another.' })
  async voidWaybill(@Arg('input', () => VoidWaybillInput) { waybillId, idempotencyKey }: VoidWaybillInput, @Ctx() ctx: GraphContext): Promise<WaybillPayload> {
    ctx.viewer.must('orders:write');
    const result = await voidWaybill(ctx, { waybillId: parseId('wbl', waybillId), idempotencyKey });
    return result.kind === 'refused' ? { waybill: null, userErrors: toErrors(result, ctx) } : { waybill: (await waybillById(ctx).load(result.waybillId)) as unknown as WaybillType, userErrors: [] };
  }

  @Mutation(() => OrderPayload, { description: 'A packer scans a label: its order is sent, and its channel is told. Scanning it again changes nothing.' })
  async scanParcel(@Arg('input', () => ScanParcelInput) input: ScanParcelInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:write');
    return orderPayload(ctx, await scanParcel(ctx, input));
  }
}

@Resolver(() => OrderType)
export class OrderWaybillsResolver {
  @FieldResolver(() => [WaybillType])
  waybills(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<WaybillType[]> {
    ctx.viewer.must('orders:write');
    return waybillsByOrder(ctx).load(order.id) as unknown as Promise<WaybillType[]>;
  }
}

@Resolver(() => ParcelType)
export class ParcelTrackResolver {
  @FieldResolver(() => ParcelTrackType, { nullable: true, description: 'Null until a carrier has told of it.' })
  track(@Root() parcel: ParcelType, @Ctx() ctx: GraphContext): Promise<ParcelTrackType | null> | null {
    return parcel.trackingNumber ? (trackByNumber(ctx).load(parcel.trackingNumber) as Promise<ParcelTrackType | null>) : null;
  }
}
