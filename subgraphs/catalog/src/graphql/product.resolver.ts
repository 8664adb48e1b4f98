import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Directive, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import type { ProductRow } from '../entities/product.entity.js';
import { productById, productPage } from '../queries/products.js';
import { skusByProduct } from '../queries/skus.js';
import { ProductStatusEnum, ProductType, SkuType } from './product.type.js';
import { PUBLIC } from './public.js';

const ProductConnection = Connection(ProductType, 'Product');

@InputType()
class ProductFilterInput {
  @Field(() => [ProductStatusEnum], { nullable: true }) statuses?: ProductRow['status'][];
}

@Resolver(() => ProductType)
export class ProductResolver {
  @Directive(PUBLIC)
  @Query(() => ProductConnection, { description: 'Products, newest first.' })
  products(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ProductFilterInput, { nullable: true }) filter?: ProductFilterInput,
    @Arg('query', () => String, { nullable: true, description: 'Text to look for in titles and SKU codes.' }) query?: string,
  ): Promise<Page<ProductType>> {
    ctx.viewer.must('catalog:read');
    return productPage(ctx, { statuses: filter?.statuses ?? undefined, query: query ?? undefined }, parsePage(page, 'prd')) as Promise<Page<ProductType>>;
  }

  @Directive(PUBLIC)
  @Query(() => ProductType, { nullable: true })
  product(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<ProductType | null> {
    ctx.viewer.must('catalog:read');
    return productById(ctx).load(parseId('prd', id)) as Promise<ProductType | null>;
  }

  @Directive(PUBLIC)
  @FieldResolver(() => [SkuType])
  skus(@Root() product: ProductType, @Ctx() ctx: GraphContext): Promise<readonly SkuType[]> {
    ctx.viewer.must('catalog:read');
    return skusByProduct(ctx).load(product.id) as Promise<readonly SkuType[]>;
  }
}
