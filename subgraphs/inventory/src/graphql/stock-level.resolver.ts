import { stockLevelChanged, type EventOf } from '@quanyu/events';
import { isId, parseId } from '@quanyu/ids';
import { Connection, DateTime, follow, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { available } from '../domain/available.js';
import { pastLevelPage } from '../queries/past-levels.js';
import { holdsToRelease, levelById, locationById, stockLevelPage } from '../queries/stock-levels.js';
import { parseIds } from './id-arguments.js';
import { OrderStub } from './order.stub.js';
import { SkuStub } from './sku.stub.js';
import { HoldToReleaseType, LocationType, PastStockLevelType, StockLevelType } from './stock-level.type.js';

const StockLevelConnection = Connection(StockLevelType, 'StockLevel');
const PastStockLevelConnection = Connection(PastStockLevelType, 'PastStockLevel');

@Resolver(() => StockLevelType)
export class StockLevelResolver {
  @Query(() => StockLevelConnection, { description: 'Stock levels, newest first.' })
  stockLevels(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs,
    @Arg('skuIds', () => [ID], { nullable: true }) skuIds?: string[] | null,
    @Arg('locationIds', () => [ID], { nullable: true }) locationIds?: string[] | null,
    @Arg('bucket', () => String, { nullable: true, description: 'MAIN, or an activity.' }) bucket?: string | null,
    @Arg('inDeficit', () => Boolean, { defaultValue: false, description: 'Only those where more is promised than there is.' }) inDeficit?: boolean,
  ): Promise<Page<StockLevelType>> {
    ctx.viewer.must('inventory:read');
    return stockLevelPage(ctx, { skuIds: parseIds('sku', skuIds), locationIds: parseIds('loc', locationIds), bucket: bucket ?? undefined, inDeficit }, parsePage(page, 'stk'));
  }

  @Query(() => StockLevelType, { nullable: true })
  stockLevel(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<StockLevelType | null> {
    ctx.viewer.must('inventory:read');
    return levelById(ctx).load(parseId('stk', id));
  }

  @Query(() => PastStockLevelConnection, { description: 'What stock levels were at a time, by their journal.' })
  stockLevelsAsOf(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('at', () => DateTime) at: Date,
    @Arg('skuIds', () => [ID], { nullable: true }) skuIds?: string[] | null,
    @Arg('locationIds', () => [ID], { nullable: true }) locationIds?: string[] | null,
    @Arg('bucket', () => String, { nullable: true }) bucket?: string | null,
  ): Promise<Page<PastStockLevelType>> {
    ctx.viewer.must('inventory:read');
    return pastLevelPage(ctx, at, { skuIds: parseIds('sku', skuIds), locationIds: parseIds('loc', locationIds), bucket: bucket ?? undefined }, parsePage(page));
  }

  @Subscription(() => StockLevelType, {
    description: 'Stock levels as they are (250 at most, the newest), then as they change; all of them, or only those of some SKUs or locations.',
    subscribe: follow<{ skuIds?: string[] | null; locationIds?: string[] | null }>(({ skuIds, locationIds }, ctx) => {
      ctx.viewer.must('inventory:read');
      const skus = skuIds && new Set<string>(parseIds('sku', skuIds));
      const locations = locationIds && new Set<string>(parseIds('loc', locationIds));
      return {
        types: [stockLevelChanged.type],
        match: (event) => {
          const { skuId, locationId } = (event as EventOf<typeof stockLevelChanged>).data;
          return (skus?.has(skuId) ?? true) && (locations?.has(locationId) ?? true);
        },
        keyOf: (event) => (event as EventOf<typeof stockLevelChanged>).data.stockLevelId,
        current: async () => {
          const { nodes } = await stockLevelPage(ctx, { skuIds: parseIds('sku', skuIds), locationIds: parseIds('loc', locationIds) }, parsePage({ first: 250 }));
          return nodes.map(({ id }) => ({ stockLevelId: id })).reverse();
        },
      };
    }),
  })
  stockLevelChanged(
    @Root() event: EventOf<typeof stockLevelChanged>, @Ctx() ctx: GraphContext,
    @Arg('skuIds', () => [ID], { nullable: true }) _skuIds?: string[] | null, @Arg('locationIds', () => [ID], { nullable: true }) _locationIds?: string[] | null,
  ): Promise<StockLevelType | null> {
    return levelById(ctx).load(event.data.stockLevelId);
  }

  @FieldResolver(() => Int, { description: 'Units promised to orders; a hold past its end promises nothing.' })
  reserved(@Root() level: StockLevelType): number {
    return level.reserved - level.lapsed;
  }

  @FieldResolver(() => Int, { description: 'Units that can still be promised.' })
  available(@Root() level: StockLevelType): number {
    return available(level);
  }

  @FieldResolver(() => [HoldToReleaseType], { description: 'The newest holds, as many as the deficit needs; empty without one.' })
  async holdsToRelease(@Root() level: StockLevelType, @Ctx() ctx: GraphContext): Promise<readonly HoldToReleaseType[]> {
    return level.deficit === 0 ? [] : await holdsToRelease(ctx).load(level.id) ?? [];
  }

  @FieldResolver(() => SkuStub, { nullable: true, description: 'Null where the catalog has none of this id (any more).' })
  sku(@Root() level: StockLevelType): SkuStub {
    return { id: level.skuId };
  }

  @FieldResolver(() => LocationType)
  location(@Root() level: StockLevelType, @Ctx() ctx: GraphContext): Promise<LocationType | null> {
    return locationById(ctx).load(level.locationId);
  }
}

@Resolver(() => PastStockLevelType)
export class PastStockLevelResolver {
  @FieldResolver(() => SkuStub)
  sku(@Root() { skuId }: PastStockLevelType): SkuStub {
    return { id: skuId };
  }

  @FieldResolver(() => LocationType, { nullable: true })
  location(@Root() { locationId }: PastStockLevelType, @Ctx() ctx: GraphContext): Promise<LocationType | null> {
    return locationById(ctx).load(locationId);
  }
}

@Resolver(() => HoldToReleaseType)
export class HoldToReleaseResolver {
  @FieldResolver(() => OrderStub, { nullable: true, description: 'The order, where the hold is one\'s.' })
  order(@Root() { key }: HoldToReleaseType): OrderStub | null {
    return isId('ord', key) ? { id: key } : null;
  }
}
