import { productChanged, skuCreated, type EventOf } from '@quanyu/events';
import { follow, parsePage, type GraphContext } from '@quanyu/subgraph';
import { Ctx, Directive, Resolver, Root, Subscription } from 'type-graphql';
import { productById, productPage } from '../queries/products.js';
import { ProductType } from './product.type.js';
import { PUBLIC } from './public.js';

const productOf = (event: unknown): string => (event as EventOf<typeof productChanged>).data.productId;

@Resolver(() => ProductType)
export class ProductsChangedResolver {
  @Directive(PUBLIC)
  @Subscription(() => ProductType, {
    description: 'The newest 20 products, then products as they are made or change, with their SKUs and prices.',
    subscribe: follow((_args, ctx) => {
      ctx.viewer.must('catalog:read');
      return {
        types: [productChanged.type, skuCreated.type], keyOf: productOf,
        current: async () => (await productPage(ctx, {}, parsePage({}))).nodes.map(({ id }) => ({ productId: id })).reverse(),
      };
    }),
  })
  productsChanged(@Root() event: EventOf<typeof productChanged>, @Ctx() ctx: GraphContext): Promise<ProductType | null> {
    return productById(ctx).load(productOf(event)) as Promise<ProductType | null>;
  }
}
