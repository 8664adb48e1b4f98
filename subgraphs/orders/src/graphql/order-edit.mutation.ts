import { parseId } from '@quanyu/ids';
import { MoneyType, toMoneyType, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { changeShipTo } from '../commands/life/change-ship-to.js';
import { editOrder } from '../commands/life/edit-order.js';
import { planOrderEdit, type OrderEditAsk } from '../commands/life/plan-order-edit.js';
import { orderById } from '../queries/orders.js';
import { OrderDeedInput } from './order-deeds.mutation.js';
import { OrderType } from './order.type.js';
import { OrderPayload, orderPayload, OrdersUserError, toErrors } from './orders-user-error.type.js';
import { BasketLineInput, DeliveryAddressInput, OrderShortage, toAddress } from './selling.type.js';

@InputType()
class LineChangeInput {
  @Field(() => ID) lineId!: string;
  @Field(() => Int, { description: '0 takes the line out.' }) quantity!: number;
}

@InputType()
class PreviewOrderEditInput {
  @Field(() => ID) orderId!: string;
  @Field(() => Int, { description: '`version` of the order that you have seen; refused when it has changed.' }) expectedVersion!: number;
  @Field(() => [LineChangeInput], { defaultValue: [] }) lines!: LineChangeInput[];
  @Field(() => [BasketLineInput], { defaultValue: [], description: 'Goods that are new to the order; they cost what they cost now.' }) add!: BasketLineInput[];
}

@InputType()
class EditOrderInput extends PreviewOrderEditInput {
  @Field({ description: 'For colleagues; 200 characters at most, no personal data.' }) reason!: string;
  @Field(() => String, { nullable: true, description: 'Of `stepUp`, where money goes back: REFUND of the order and of just that sum.' }) stepUpToken?: string | null;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@InputType()
class ChangeShipToInput extends OrderDeedInput {
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DeliveryAddressInput) shipTo!: DeliveryAddressInput;
}

@ObjectType({ description: 'What an edit would make of an order. Nothing is changed or held by it.' })
class OrderEditPreview {
  @Field(() => MoneyType) items!: MoneyType;
  @Field(() => MoneyType) total!: MoneyType;
  @Field(() => MoneyType, { description: 'What it would cost more; below zero: less.' }) difference!: MoneyType;
  @Field(() => MoneyType, { description: 'To be paid before it is shipped, with what is missing of earlier edits.' }) due!: MoneyType;
  @Field(() => MoneyType, { description: 'What would go back; it asks for a second factor of just this sum.' }) refund!: MoneyType;
}

@ObjectType()
class PreviewOrderEditPayload {
  @Field(() => OrderEditPreview, { nullable: true }) preview!: OrderEditPreview | null;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class EditOrderPayload {
  @Field(() => OrderType, { nullable: true }) order!: OrderType | null;
  @Field(() => [OrderShortage]) shortages!: OrderShortage[];
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

const askOf = ({ orderId, expectedVersion, lines, add }: PreviewOrderEditInput): OrderEditAsk => ({
  orderId: parseId('ord', orderId), expectedVersion,
  lines: lines.map(({ lineId, quantity }) => ({ lineId: parseId('lin', lineId), quantity })), add: add.map(({ skuId, quantity }) => ({ skuId: parseId('sku', skuId), quantity })),
});

@Resolver()
export class OrderEditMutations {
  @Query(() => PreviewOrderEditPayload, { description: 'What an edit of an order of our own would make of it.' })
  async previewOrderEdit(@Arg('input', () => PreviewOrderEditInput) input: PreviewOrderEditInput, @Ctx() ctx: GraphContext): Promise<PreviewOrderEditPayload> {
    ctx.viewer.must('orders:write');
    const planned = await planOrderEdit(ctx, askOf(input));
    if (planned.kind === 'refused') return { preview: null, userErrors: toErrors(planned, ctx) };
    const { order: { currency }, plan } = planned;
    const of = (minor: number): MoneyType => toMoneyType(minor, currency);
    return { preview: { items: of(plan.itemsMinor), total: of(plan.totalMinor), difference: of(plan.differenceMinor), due: of(plan.dueMinor), refund: of(plan.refundMinor) }, userErrors: [] };
  }

  @Mutation(() => EditOrderPayload, { description: 'Changes the lines of an order of our own before it is shipped. Of a paid one, what it costs more is to be paid before it goes, what it costs less goes back. One that is not paid yet is quoted anew, as it would be placed now; what was begun to be paid is ended first.' })
  async editOrder(@Arg('input', () => EditOrderInput) input: EditOrderInput, @Ctx() ctx: GraphContext): Promise<EditOrderPayload> {
    ctx.viewer.must('orders:write');
    const { reason, stepUpToken, idempotencyKey } = input;
    const edited = await editOrder(ctx, { ...askOf(input), reason, stepUpToken, idempotencyKey });
    if (edited.kind === 'done') return { order: (await orderById(ctx).load(edited.orderId)) as OrderType | null, shortages: [], userErrors: [] };
    return { order: null, shortages: (edited.shortages ?? []).map(({ skuId, ...shortage }) => ({ ...shortage, sku: { id: skuId } })), userErrors: toErrors(edited, ctx) };
  }

  @Mutation(() => OrderPayload, { description: 'Corrects where an order goes, before any of it is shipped.' })
  async changeShipTo(@Arg('input', () => ChangeShipToInput) { orderId, shipTo, expectedVersion, idempotencyKey }: ChangeShipToInput, @Ctx() ctx: GraphContext): Promise<OrderPayload> {
    ctx.viewer.must('orders:buy');
    return orderPayload(ctx, await changeShipTo(ctx, { orderId: parseId('ord', orderId), expectedVersion, idempotencyKey, address: toAddress(shipTo) }));
  }
}
