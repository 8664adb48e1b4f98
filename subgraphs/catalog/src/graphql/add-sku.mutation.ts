import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { addSku } from '../commands/add-sku.js';
import { CATALOG_ERRORS } from '../errors.js';
import { skuById, skusByProduct } from '../queries/skus.js';
import { CatalogUserError } from './catalog-user-error.type.js';
import { SkuType } from './product.type.js';
import { SkuInput, toNewSku } from './sku.input.js';

@InputType()
class AddSkuInput extends SkuInput {
  @Field(() => ID) productId!: string;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class AddSkuPayload {
  @Field(() => SkuType, { nullable: true }) sku!: SkuType | null;
  @Field(() => [CatalogUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class AddSkuMutation {
  @Mutation(() => AddSkuPayload)
  async addSku(@Arg('input', () => AddSkuInput) input: AddSkuInput, @Ctx() ctx: GraphContext): Promise<AddSkuPayload> {
    ctx.viewer.must('catalog:write');
    const productId = parseId('prd', input.productId);
    const result = await addSku(ctx, { productId, sku: toNewSku(input), idempotencyKey: input.idempotencyKey });
    if (result.kind === 'refused') return { sku: null, userErrors: [toUserError(CATALOG_ERRORS, result, ctx.language)] };
    // An earlier mutation of the same request may have looked at the product's SKUs.
    skusByProduct(ctx).clear(productId);
    return { sku: (await skuById(ctx).load(result.skuId)) as SkuType | null, userErrors: [] };
  }
}
