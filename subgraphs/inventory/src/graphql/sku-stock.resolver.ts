import type { GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import { available, MAIN_BUCKET } from '../domain/available.js';
import { publishedOfSku } from '../queries/allocation.js';
import { levelsBySku } from '../queries/stock-levels.js';
import { PublishedQuantityType } from './allocation.type.js';
import { parseIds, parseOptionalId } from './id-arguments.js';
import { SkuStock, SkuStub } from './sku.stub.js';

@Resolver(() => SkuStub)
export class SkuStockResolver {
  @FieldResolver(() => SkuStock)
  async stock(
    @Root() sku: SkuStub, @Ctx() ctx: GraphContext,
    @Arg('locationIds', () => [ID], { nullable: true, description: 'Only what lies at these.' }) locationIds?: string[] | null,
    @Arg('channelId', () => ID, { nullable: true, description: 'The channel that `published` tells of.' }) channelId?: string | null,
  ): Promise<SkuStock> {
    ctx.viewer.must('inventory:read');
    const wanted = parseIds('loc', locationIds);
    const levels = (await levelsBySku(ctx).load(sku.id)).filter((level) => wanted?.includes(level.locationId) ?? true);
    const main = levels.filter((level) => level.bucket === MAIN_BUCKET);
    const sum = (of: (level: (typeof levels)[number]) => number, over = levels): number => over.reduce((total, level) => total + of(level), 0);
    const held = (level: (typeof levels)[number]): number => level.reserved - level.lapsed;
    const onHand = sum((level) => level.onHand);
    return {
      skuId: sku.id, channelId: parseOptionalId('con', channelId), levels, onHand,
      reserved: sum(held),
      occupied: sum(held, main) + onHand - sum((level) => level.onHand, main),
      unavailable: sum((level) => level.unavailable), incoming: sum((level) => level.incoming), available: sum(available, main),
    };
  }
}

@Resolver(() => SkuStock)
export class SkuStockFiguresResolver {
  @FieldResolver(() => Int, { nullable: true, description: 'What the channel that was asked for was last told; null when it was told nothing, or none was asked for.' })
  async published(@Root() { skuId, channelId }: SkuStock, @Ctx() ctx: GraphContext): Promise<number | null> {
    if (channelId === null) return null;
    return (await publishedOfSku(ctx).load(skuId)).find((row) => row.channelId === channelId)?.quantity ?? null;
  }

  @FieldResolver(() => [PublishedQuantityType], { description: 'What each channel was last told.' })
  publishedQuantities(@Root() { skuId }: SkuStock, @Ctx() ctx: GraphContext): Promise<readonly PublishedQuantityType[]> {
    return publishedOfSku(ctx).load(skuId) as Promise<readonly PublishedQuantityType[]>;
  }
}
