import { parseId } from '@quanyu/ids';
import { DateTime, MoneyType, ProductError, toMoneyType, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, Float, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { linesByOrder, orderById } from '../queries/orders.js';
import { simulateShipping } from '../queries/shipping-simulation.js';
import { mergeSuggestions, shippingAdvice } from '../queries/shipping-advice.js';
import { OrderLineType, OrderType } from './order.type.js';
import { ParcelLineType } from './parcel.type.js';

@ObjectType({ description: 'Orders that could go in one parcel. Nothing is merged by itself: send them with one number to confirm.' })
class MergeSuggestionType {
  @Field(() => [OrderType]) orders!: OrderType[];
  @Field(() => Int) weightGrams!: number;
  @Field(() => Int) parcelsSaved!: number;
  @Field(() => [String], { description: 'SAME_RECEIVER, WITHIN_2_HOURS, BELOW_10_KG.' }) reasons!: string[];
}

@ObjectType({ description: 'What speaks for a carrier.' })
class CarrierCandidateType {
  @Field() carrier!: string;
  @Field(() => MoneyType, { nullable: true, description: 'By our rates; null where we have none.' }) cost!: MoneyType | null;
  @Field(() => Int, { nullable: true }) promisedHours!: number | null;
  @Field(() => Float, { nullable: true, description: 'What its parcels to this province have taken, on average, in the last three months.' }) seenHours!: number | null;
  @Field(() => Int, { description: 'How many; below 20 the promise counts.' }) seenParcels!: number;
  @Field(() => MoneyType, { nullable: true, description: 'The cost with its hours as money: the least is chosen.' }) score!: MoneyType | null;
  @Field(() => [String], { description: 'RATE or NO_RATE; SEEN_HOURS, PROMISED_HOURS or NO_TIME_KNOWN.' }) reasons!: string[];
}

@ObjectType({ description: 'Carriers for an order, the best one first, and the rule that named them.' })
class CarrierSuggestionType {
  @Field(() => [String]) carriers!: string[];
  @Field() rule!: string;
  @Field() reason!: string;
  @Field(() => [CarrierCandidateType], { description: 'Those that the rule allows, with what decided between them.' }) candidates!: CarrierCandidateType[];
}

@ObjectType({ description: 'A parcel that an order should be sent in.' })
class SuggestedParcelType {
  @Field(() => [ParcelLineType]) lines!: ParcelLineType[];
  @Field(() => Int) weightGrams!: number;
  @Field(() => [String], { description: 'Why apart: LOCATIONS, PRE_SALE, OVER_20_KG; none where one parcel is enough.' }) reasons!: string[];
}

@ObjectType()
class ShippingAdviceType {
  @Field(() => CarrierSuggestionType) carrier!: CarrierSuggestionType;
  @Field(() => [SuggestedParcelType]) parcels!: SuggestedParcelType[];
}

@ObjectType({ description: 'Orders that would have gone in several parcels for one reason.' })
class SimulatedSplit {
  @Field({ description: 'LOCATIONS, PRE_SALE or OVER_20_KG.' }) reason!: string;
  @Field(() => Int) orders!: number;
  @Field(() => Int) parcels!: number;
}

@ObjectType({ description: 'What the rules would have made of orders of the past. Nothing is changed by it.' })
class ShippingSimulationType {
  @Field(() => Int, { description: 'Orders that were looked at: the newest 5000 of the range, without cancelled ones.' }) orders!: number;
  @Field(() => Int) mergedOrders!: number;
  @Field(() => Int) parcelsSaved!: number;
  @Field(() => [SimulatedSplit]) splits!: readonly SimulatedSplit[];
}

const LONGEST_DAYS = 92;
const moneyOf = (minor: number | null, currency: string | null): MoneyType | null => (minor === null || currency === null ? null : toMoneyType(minor, currency));

@Resolver()
export class ShippingAdviceResolver {
  @Query(() => ShippingSimulationType, { description: 'What merging and splitting would have made of orders placed in a range of days, 92 at most: last month, say.' })
  async simulateShipping(@Ctx() ctx: GraphContext, @Arg('from', () => DateTime) from: Date, @Arg('before', () => DateTime) before: Date): Promise<ShippingSimulationType> {
    ctx.viewer.must('orders:read');
    if (!(from < before) || before.getTime() - from.getTime() > LONGEST_DAYS * 86_400_000) throw new ProductError('INPUT_INVALID', 'from, before');
    return simulateShipping(ctx, { from, before });
  }

  @Query(() => [MergeSuggestionType], { description: 'Orders to ship that could go together: same channel and receiver, less than 2 hours apart, below 10 kg; of the newest 500.' })
  async mergeSuggestions(@Ctx() ctx: GraphContext, @Arg('channelIds', () => [ID], { nullable: true }) channelIds?: string[]): Promise<MergeSuggestionType[]> {
    ctx.viewer.must('orders:read');
    const found = await mergeSuggestions(ctx, channelIds?.map((id) => parseId('con', id)));
    return Promise.all(found.map(async ({ orderIds, weightGrams, parcelsSaved, reasons }) => ({
      weightGrams, parcelsSaved, reasons: [...reasons], orders: (await Promise.all(orderIds.map((id) => orderById(ctx).load(id)))) as OrderType[],
    })));
  }

  @Query(() => ShippingAdviceType, { nullable: true, description: 'By whom, and in how many parcels, an order should go, with the reasons.' })
  async shippingAdvice(@Ctx() ctx: GraphContext, @Arg('orderId', () => ID) orderId: string): Promise<ShippingAdviceType | null> {
    ctx.viewer.must('orders:read');
    const order = await orderById(ctx).load(parseId('ord', orderId));
    if (order === null) return null;
    const [{ carrier, choice, parcels }, lines] = await Promise.all([shippingAdvice(ctx, order), linesByOrder(ctx).load(order.id)]);
    const byId = new Map(lines.map((line) => [line.id as string, line]));
    return {
      carrier: {
        ...carrier, carriers: [...carrier.carriers],
        candidates: choice.candidates.map(({ costMinor, scoreMinor, currency, reasons, ...seen }) => ({ ...seen, reasons: [...reasons], cost: moneyOf(costMinor, currency), score: moneyOf(scoreMinor, currency) })),
      },
      parcels: parcels.map((parcel) => ({ ...parcel, reasons: [...parcel.reasons], lines: parcel.lines.map(({ lineId, quantity }) => ({ quantity, line: byId.get(lineId) as OrderLineType })) })),
    };
  }
}
