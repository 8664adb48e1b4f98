import { ProductError, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { createProduct } from '../commands/create-product.js';
import type { ProductRow } from '../entities/product.entity.js';
import { CATALOG_ERRORS } from '../errors.js';
import { productById } from '../queries/products.js';
import { CatalogUserError } from './catalog-user-error.type.js';
import { ProductKindEnum, ProductStatusEnum, ProductType } from './product.type.js';
import { SkuInput, toNewSku } from './sku.input.js';

const MAX_SKUS = 250;

@InputType()
class CreateProductInput {
  @Field() title!: string;
  @Field(() => String, { nullable: true }) brand?: string;
  @Field(() => ProductKindEnum) kind!: ProductRow['kind'];
  @Field(() => ProductStatusEnum, { defaultValue: 'ACTIVE' }) status!: ProductRow['status'];
  @Field(() => [SkuInput], { defaultValue: [], description: '250 at most; all are made or none.' }) skus!: SkuInput[];
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class CreateProductPayload {
  @Field(() => ProductType, { nullable: true }) product!: ProductType | null;
  @Field(() => [CatalogUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class CreateProductMutation {
  @Mutation(() => CreateProductPayload)
  async createProduct(@Arg('input', () => CreateProductInput) input: CreateProductInput, @Ctx() ctx: GraphContext): Promise<CreateProductPayload> {
    ctx.viewer.must('catalog:write');
    if (input.skus.length > MAX_SKUS) throw new ProductError('INPUT_INVALID', `at most ${MAX_SKUS} SKUs`);
    const result = await createProduct(ctx, { ...input, brand: input.brand ?? null, skus: input.skus.map(toNewSku) });
    if (result.kind === 'refused') return { product: null, userErrors: [toUserError(CATALOG_ERRORS, result, ctx.language)] };
    return { product: (await productById(ctx).load(result.productId)) as ProductType | null, userErrors: [] };
  }
}
