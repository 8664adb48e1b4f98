import type { GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { skuById } from '../queries/skus.js';
import { ChannelSkuType, ChannelStub } from './channel-sku.type.js';
import { SkuType } from './product.type.js';

@Resolver(() => ChannelSkuType)
export class ChannelSkuResolver {
  @FieldResolver(() => ChannelStub)
  channel(@Root() mapping: ChannelSkuType): ChannelStub {
    return { id: mapping.connectionId };
  }

  @FieldResolver(() => SkuType)
  sku(@Root() mapping: ChannelSkuType, @Ctx() ctx: GraphContext): Promise<SkuType | null> {
    ctx.viewer.must('catalog:read');
    return skuById(ctx).load(mapping.skuId) as Promise<SkuType | null>;
  }
}
