import { stockLevelChanged, type EventOf } from '@quanyu/events';
import { parseId } from '@quanyu/ids';
import { Connection, follow, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { available } from '../domain/available.js';
import { levelById, locationById, stockLevelPage } from '../queries/stock-levels.js';
import { SkuStub } from './sku.stub.js';
import { LocationType, StockLevelType } from './stock-level.type.js';

const StockLevelConnection = Connection(StockLevelType, 'StockLevel');

@Resolver(() => StockLevelType)
export class StockLevelResolver {
  @Query(() => StockLevelConnection, { description: 'Stock levels, newest first.' })
  stockLevels(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('skuIds', () => [ID], { nullable: true }) skuIds?: string[]): Promise<Page<StockLevelType>> {
    ctx.viewer.must('inventory:read');
    return stockLevelPage(ctx, { skuIds: skuIds?.map((id) => parseId('sku', id)) ?? null }, parsePage(page, 'stk'));
  }

  @Subscription(() => StockLevelType, {
    description: 'Stock levels as they are (250 at most, the newest), then as they change; all of them, or only of some SKUs.',
    subscribe: follow<{ skuIds?: string[] }>(({ skuIds }, ctx) => {
      ctx.viewer.must('inventory:read');
      const wanted = skuIds && new Set(skuIds.map((id) => parseId('sku', id)));
      return {
        types: [stockLevelChanged.type],
        match: (event) => wanted?.has((event as EventOf<typeof stockLevelChanged>).data.skuId as never) ?? true,
        keyOf: (event) => (event as EventOf<typeof stockLevelChanged>).data.stockLevelId,
        current: async () => {
          const { nodes } = await stockLevelPage(ctx, { skuIds: wanted ? [...wanted] : null }, parsePage({ first: 250 }));
          return nodes.map(({ id }) => ({ stockLevelId: id })).reverse();
        },
      };
    }),
  })
  stockLevelChanged(@Root() event: EventOf<typeof stockLevelChanged>, @Ctx() ctx: GraphContext, @Arg('skuIds', () => [ID], { nullable: true }) _skuIds?: string[]): Promise<StockLevelType | null> {
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

  @FieldResolver(() => SkuStub, { nullable: true, description: 'Null where the catalog has none of this id (any more).' })
  sku(@Root() level: StockLevelType): SkuStub {
    return { id: level.skuId };
  }

  @FieldResolver(() => LocationType)
  location(@Root() level: StockLevelType, @Ctx() ctx: GraphContext): Promise<LocationType | null> {
    return locationById(ctx).load(level.locationId);
  }
}
