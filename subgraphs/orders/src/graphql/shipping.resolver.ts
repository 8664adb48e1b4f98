import { parseId } from '@quanyu/ids';
import { DateTime, fromMoneyInput, MoneyInput, MoneyType, ProductError, toMoneyType, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, Float, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { setCarrierRate, setSender } from '../commands/shipping/shipping-settings.js';
import { sendBy } from '../domain/send-by.js';
import { simulateCarriers } from '../queries/carrier-advice.js';
import { shippingFigures, shippingQueue } from '../queries/shipping-figures.js';
import { OrderType } from './order.type.js';
import { OrderRulePayload, rulePayload } from './rules.mutation.js';
import { DeliveryAddressInput } from './selling.type.js';

const DAYS_AT_MOST = 92;
const DAY_MS = 86_400_000;

@ObjectType({ description: 'What became of the parcels of a time.' })
class ShippingFiguresType {
  @Field(() => Int) parcels!: number;
  @Field(() => Int, { description: 'Of them, those whose way is told, or should be by now.' }) due!: number;
  @Field(() => Int, { description: 'Of them, those whose way is told.' }) visible!: number;
  @Field(() => Float, { nullable: true, description: 'Logistics transparency: parcels whose way was told in time, of those due. Null where none is due.' }) transparency!: number | null;
  @Field(() => Int) delivered!: number;
  @Field(() => Int, { description: 'Hindered just now.' }) problems!: number;
  @Field(() => Int, { description: 'Orders of members with a year card that were sent, or should be by now.' }) yearCardDue!: number;
  @Field(() => Float, { nullable: true, description: 'Of them, sent within 24 hours.' }) yearCardInTime!: number | null;
}

@ObjectType({ description: 'An order to send, in its place in the queue.' })
class QueuedOrderType {
  @Field(() => OrderType) order!: OrderType;
  @Field({ description: 'Its member has a year card: it goes first.' }) yearCard!: boolean;
  @Field(() => DateTime, { nullable: true, description: 'Until when it should be sent: 24 hours after it was confirmed, for a year card.' }) sendBy!: Date | null;
}

@ObjectType()
class SimulatedCarrierType {
  @Field() carrier!: string;
  @Field(() => Int, { description: 'Orders that would go by it.' }) orders!: number;
  @Field(() => MoneyType, { nullable: true }) cost!: MoneyType | null;
  @Field(() => Int, { description: 'Orders that went by it.' }) usedOrders!: number;
  @Field(() => MoneyType, { nullable: true, description: 'What these cost, by the rates of today.' }) usedCost!: MoneyType | null;
}

@ObjectType({ description: 'What would be chosen today for orders that were sent.' })
class CarrierSimulationType {
  @Field(() => Int) orders!: number;
  @Field(() => Int, { description: 'Orders that would go by another carrier than they went.' }) changed!: number;
  @Field(() => Int, { description: 'Orders for which a rate is missing: the costs leave it out.' }) unpriced!: number;
  @Field(() => [SimulatedCarrierType]) carriers!: SimulatedCarrierType[];
}

@InputType()
class CarrierRateInput {
  @Field() carrier!: string;
  @Field(() => String, { nullable: true, description: 'Not given: everywhere that has no rate of its own.' }) province?: string | null;
  @Field(() => Int, { description: 'Up to this weight the first price holds.' }) firstGrams!: number;
  @Field(() => MoneyInput) first!: MoneyInput;
  @Field(() => Int, { description: 'For each begun further weight of this the second price is added.' }) moreGrams!: number;
  @Field(() => MoneyInput) more!: MoneyInput;
  @Field(() => Int) promisedHours!: number;
}

function rangeOf(from: Date, to: Date): { readonly from: Date; readonly to: Date } {
  if (!(from < to) || to.getTime() - from.getTime() > DAYS_AT_MOST * DAY_MS) throw new ProductError('INPUT_INVALID', 'to');
  return { from, to };
}
const rate = (part: number, of: number): number | null => (of === 0 ? null : Math.round((part / of) * 10_000) / 10_000);
const channelsOf = (ids: string[] | undefined): readonly string[] | undefined => ids?.map((id) => parseId('con', id));

@Resolver()
export class ShippingResolver {
  @Query(() => ShippingFiguresType, { description: 'Parcels sent in a time of at most 92 days.' })
  async shippingFigures(
    @Ctx() ctx: GraphContext, @Arg('from', () => DateTime) from: Date, @Arg('to', () => DateTime, { description: 'Exclusive.' }) to: Date,
    @Arg('withinHours', () => Int, { defaultValue: 24, description: 'How soon a way should be told.' }) withinHours: number, @Arg('channelIds', () => [ID], { nullable: true }) channelIds?: string[],
  ): Promise<ShippingFiguresType> {
    ctx.viewer.must('orders:read');
    if (withinHours < 1 || withinHours > 720) throw new ProductError('INPUT_INVALID', 'withinHours');
    const { visibleInTime, yearCardInTime, ...figures } = await shippingFigures(ctx, { ...rangeOf(from, to), withinHours, channelIds: channelsOf(channelIds) });
    return { ...figures, transparency: rate(visibleInTime, figures.due), yearCardInTime: rate(yearCardInTime, figures.yearCardDue) };
  }

  @Query(() => [QueuedOrderType], { description: 'Orders to send, the most urgent first: members with a year card, then who waits longest. It is worked off from the top.' })
  async shippingQueue(@Ctx() ctx: GraphContext, @Arg('first', () => Int, { defaultValue: 50 }) first: number, @Arg('channelIds', () => [ID], { nullable: true }) channelIds?: string[]): Promise<QueuedOrderType[]> {
    ctx.viewer.must('orders:read');
    return (await shippingQueue(ctx, { first, channelIds: channelsOf(channelIds) }))
      .map(({ order, yearCard }) => ({ order: order as unknown as OrderType, yearCard, sendBy: yearCard && order.confirmedAt ? sendBy(order.confirmedAt) : null }));
  }

  @Query(() => CarrierSimulationType, { description: 'The carriers that would be chosen today for orders that were sent in a time of at most 92 days, beside those that were used; of the newest 2000.' })
  async simulateCarriers(@Ctx() ctx: GraphContext, @Arg('from', () => DateTime) from: Date, @Arg('to', () => DateTime) to: Date, @Arg('channelIds', () => [ID], { nullable: true }) channelIds?: string[]): Promise<CarrierSimulationType> {
    ctx.viewer.must('orders:read');
    const { currency, carriers, ...sums } = await simulateCarriers(ctx, { ...rangeOf(from, to), channelIds: channelsOf(channelIds) });
    const money = (minor: number): MoneyType | null => (currency === null ? null : toMoneyType(minor, currency));
    return { ...sums, carriers: carriers.map(({ costMinor, usedCostMinor, ...row }) => ({ ...row, cost: money(costMinor), usedCost: money(usedCostMinor) })) };
  }

  @Mutation(() => OrderRulePayload, { description: 'Who stands as the sender on labels.' })
  async setSender(@Arg('input', () => DeliveryAddressInput) input: DeliveryAddressInput, @Ctx() ctx: GraphContext): Promise<OrderRulePayload> {
    ctx.viewer.must('orders:write');
    const { address2 = null, city = null, province = null, postalCode = null, ...rest } = input;
    return rulePayload(await setSender(ctx, { ...rest, address2, city, province, postalCode }), ctx);
  }

  @Mutation(() => OrderRulePayload, { description: 'What a carrier asks for a parcel, and how long it promises to take.' })
  async setCarrierRate(@Arg('input', () => CarrierRateInput) { first, more, province, ...input }: CarrierRateInput, @Ctx() ctx: GraphContext): Promise<OrderRulePayload> {
    ctx.viewer.must('orders:write');
    const [firstPrice, morePrice] = [fromMoneyInput(first), fromMoneyInput(more)];
    if (firstPrice.currency !== morePrice.currency) throw new ProductError('INPUT_INVALID', 'more');
    return rulePayload(await setCarrierRate(ctx, { ...input, province: province ?? null, currency: firstPrice.currency, firstMinor: firstPrice.amountMinor, moreMinor: morePrice.amountMinor }), ctx);
  }
}
