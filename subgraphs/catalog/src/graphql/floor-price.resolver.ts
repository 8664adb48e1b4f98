import { parseId } from '@quanyu/ids';
import { CurrencyCode, Decimal, fromMoneyInput, MoneyType, toMoneyType, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { setFloorPrice } from '../commands/set-floor-price.js';
import { CATALOG_ERRORS } from '../errors.js';
import { floorPricesBySku, skuById } from '../queries/skus.js';
import { CatalogUserError } from './catalog-user-error.type.js';
import { SkuType } from './product.type.js';

@InputType()
class SetFloorPriceInput {
  @Field(() => ID) skuId!: string;
  @Field(() => ID, { nullable: true, description: 'Only in this channel; everywhere, when left out.' }) channelId?: string | null;
  @Field(() => CurrencyCode) currency!: string;
  @Field(() => Decimal, { nullable: true, description: 'What one is sold for at least; left out, the floor is taken away.' }) amount?: string | null;
}

@ObjectType()
class SetFloorPricePayload {
  @Field(() => SkuType, { nullable: true }) sku!: SkuType | null;
  @Field(() => [CatalogUserError]) userErrors!: UserErrorShape[];
}

@ObjectType({ description: 'What one is sold for at least; orders below it wait for a person.' })
class FloorPrice {
  @Field(() => ID, { nullable: true, description: 'Only in this channel, instead of the general floor; everywhere, when null.' }) channelId!: string | null;
  @Field(() => MoneyType) money!: MoneyType;
}

@Resolver(() => SkuType)
export class FloorPriceResolver {
  @FieldResolver(() => [FloorPrice], { description: 'Below which it is not to be sold.' })
  async floorPrices(@Root() sku: SkuType, @Ctx() ctx: GraphContext): Promise<FloorPrice[]> {
    ctx.viewer.must('catalog:write');
    return (await floorPricesBySku(ctx).load(sku.id)).map(({ connectionId, amountMinor, currency }) => ({ channelId: connectionId, money: toMoneyType(amountMinor, currency) }));
  }

  @Mutation(() => SetFloorPricePayload, { description: 'Sets below which a SKU is not to be sold, everywhere or in one channel. The same again changes nothing.' })
  async setFloorPrice(@Arg('input', () => SetFloorPriceInput) { skuId: id, channelId, currency, amount }: SetFloorPriceInput, @Ctx() ctx: GraphContext): Promise<SetFloorPricePayload> {
    ctx.viewer.must('catalog:write');
    const skuId = parseId('sku', id);
    const amountMinor = amount === null || amount === undefined ? null : fromMoneyInput({ amount, currency }).amountMinor;
    const result = await setFloorPrice(ctx, { skuId, connectionId: channelId ? parseId('con', channelId) : null, currency, amountMinor });
    if (result.kind === 'refused') return { sku: null, userErrors: [toUserError(CATALOG_ERRORS, result, ctx.language)] };
    floorPricesBySku(ctx).clear(skuId);
    return { sku: (await skuById(ctx).load(skuId)) as SkuType | null, userErrors: [] };
  }
}
