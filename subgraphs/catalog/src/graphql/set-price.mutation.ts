import { parseId } from '@quanyu/ids';
import { DateTime, fromMoneyInput, MoneyInput, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { setPrice } from '../commands/set-price.js';
import { CATALOG_ERRORS } from '../errors.js';
import { pricesBySku, skuById } from '../queries/skus.js';
import { CatalogUserError } from './catalog-user-error.type.js';
import { SkuType } from './product.type.js';

@InputType()
class SetPriceInput {
  @Field(() => ID) skuId!: string;
  @Field(() => MoneyInput, { description: 'Replaces the price in this currency; others stay.' }) price!: MoneyInput;
  @Field(() => DateTime, { nullable: true, description: 'Holds from then on; at once, when left out.' }) validFrom?: Date;
  @Field(() => DateTime, { nullable: true, description: 'Holds until just before; for good, when left out.' }) validTo?: Date;
}

@ObjectType()
class SetPricePayload {
  @Field(() => SkuType, { nullable: true }) sku!: SkuType | null;
  @Field(() => [CatalogUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class SetPriceMutation {
  @Mutation(() => SetPricePayload)
  async setPrice(@Arg('input', () => SetPriceInput) input: SetPriceInput, @Ctx() ctx: GraphContext): Promise<SetPricePayload> {
    ctx.viewer.must('catalog:write');
    const skuId = parseId('sku', input.skuId);
    const result = await setPrice(ctx, { skuId, price: fromMoneyInput(input.price), validFrom: input.validFrom ?? null, validTo: input.validTo ?? null });
    if (result.kind === 'refused') return { sku: null, userErrors: [toUserError(CATALOG_ERRORS, result, ctx.language)] };
    pricesBySku(ctx).clear(skuId);
    return { sku: (await skuById(ctx).load(skuId)) as SkuType | null, userErrors: [] };
  }
}
