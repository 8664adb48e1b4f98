import { parseId } from '@quanyu/ids';
import type { GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { linesByOrder, orderById } from '../queries/orders.js';
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

@ObjectType({ description: 'Carriers for an order, the best one first, and the rule that named them.' })
class CarrierSuggestionType {
  @Field(() => [String]) carriers!: string[];
  @Field() rule!: string;
  @Field() reason!: string;
}

@ObjectType({ description: 'A parcel that an order should be sent in.' })
class SuggestedParcelType {
  @Field(() => [ParcelLineType]) lines!: ParcelLineType[];
  @Field(() => Int) weightGrams!: number;
  @Field(() => [String], { description: 'Why apart: OVER_20_KG; none where one parcel is enough.' }) reasons!: string[];
}

@ObjectType()
class ShippingAdviceType {
  @Field(() => CarrierSuggestionType) carrier!: CarrierSuggestionType;
  @Field(() => [SuggestedParcelType]) parcels!: SuggestedParcelType[];
}

@Resolver()
export class ShippingAdviceResolver {
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
    const [{ carrier, parcels }, lines] = await Promise.all([shippingAdvice(ctx, order), linesByOrder(ctx).load(order.id)]);
    const byId = new Map(lines.map((line) => [line.id as string, line]));
    return {
      carrier: { ...carrier, carriers: [...carrier.carriers] },
      parcels: parcels.map((parcel) => ({ ...parcel, reasons: [...parcel.reasons], lines: parcel.lines.map(({ lineId, quantity }) => ({ quantity, line: byId.get(lineId) as OrderLineType })) })),
    };
  }
}
