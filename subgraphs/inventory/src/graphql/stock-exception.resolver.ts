import { stockExceptionRaised, type EventOf } from '@quanyu/events';
import { Connection, DateTime, follow, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Int, ObjectType, Query, registerEnumType, Resolver, Root, Subscription } from 'type-graphql';
import type { DriftKind } from '../domain/drift.js';
import { levelById, locationById } from '../queries/stock-levels.js';
import { stockExceptionById, stockExceptionPage } from '../queries/stock-exceptions.js';
import { ChannelStub } from './channel.stub.js';
import { parseIds } from './id-arguments.js';
import { SkuStub } from './sku.stub.js';
import { LocationType, StockLevelType } from './stock-level.type.js';

const StockExceptionCodeEnum = { LOW_STOCK: 'LOW_STOCK', STOCK_DEFICIT: 'STOCK_DEFICIT', STOCK_DRIFT: 'STOCK_DRIFT', PUBLISH_FAILED: 'PUBLISH_FAILED' } as const;
registerEnumType(StockExceptionCodeEnum, {
  name: 'StockExceptionCode',
  valuesConfig: {
    LOW_STOCK: { description: 'Fewer can be sold than the threshold; told once for each crossing.' },
    STOCK_DEFICIT: { description: 'More is promised than there is: release orders or wait for goods.' },
    STOCK_DRIFT: { description: 'A count outside, or the journal, differs from ours; nothing was overwritten.' },
    PUBLISH_FAILED: { description: 'A channel does not take its figures.' },
  },
});
const StockExceptionStateEnum = { OPEN: 'OPEN', RESOLVED: 'RESOLVED' } as const;
registerEnumType(StockExceptionStateEnum, { name: 'StockExceptionState' });

const StockDriftKindEnum = { JOURNAL: 'JOURNAL', HOLDS: 'HOLDS', OUTSIDE: 'OUTSIDE' } as const satisfies Record<DriftKind, DriftKind>;
registerEnumType(StockDriftKindEnum, {
  name: 'StockDriftKind',
  valuesConfig: {
    JOURNAL: { description: 'The movements do not add up to the level.' },
    HOLDS: { description: 'The reserved units are not those of the holds.' },
    OUTSIDE: { description: 'The system outside counts differently, and ours was changed here.' },
  },
});

@ObjectType('StockException', { description: 'Something in stock that a person should look at.' })
export class StockExceptionType {
  @Field(() => ID) id!: string;
  @Field(() => StockExceptionCodeEnum) code!: keyof typeof StockExceptionCodeEnum;
  @Field(() => StockExceptionStateEnum) state!: keyof typeof StockExceptionStateEnum;
  @Field(() => DateTime) raisedAt!: Date;
  @Field(() => DateTime, { nullable: true }) resolvedAt!: Date | null;
  skuId!: string | null;
  locationId!: string | null;
  channelId!: string | null;
  figures!: Record<string, string | number>;
}

const StockExceptionConnection = Connection(StockExceptionType, 'StockException');

@InputType()
class StockExceptionFilterInput {
  @Field(() => StockExceptionCodeEnum, { nullable: true }) code?: keyof typeof StockExceptionCodeEnum | null;
  @Field(() => StockExceptionStateEnum, { nullable: true }) state?: keyof typeof StockExceptionStateEnum | null;
  @Field(() => [ID], { nullable: true }) skuIds?: string[] | null;
}

@Resolver(() => StockExceptionType)
export class StockExceptionResolver {
  @Query(() => StockExceptionConnection, { description: 'What a person should look at in stock, newest first.' })
  stockExceptions(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => StockExceptionFilterInput, { nullable: true }) filter?: StockExceptionFilterInput | null): Promise<Page<StockExceptionType>> {
    ctx.viewer.must('inventory:read');
    const skuIds = parseIds('sku', filter?.skuIds);
    return stockExceptionPage(ctx, { ...(filter?.code && { code: filter.code }), ...(filter?.state && { state: filter.state }), ...(skuIds && { skuIds }) }, parsePage(page)) as unknown as Promise<Page<StockExceptionType>>;
  }

  @Subscription(() => StockExceptionType, {
    description: 'SKUs that are low now (250 at most, the newest), then each that runs low, once for each crossing of its threshold.',
    subscribe: follow<{ skuIds?: string[] | null }>(({ skuIds }, ctx) => {
      ctx.viewer.must('inventory:read');
      const wanted = skuIds && new Set<string>(parseIds('sku', skuIds));
      return {
        types: [stockExceptionRaised.type],
        match: (event) => {
          const { code, skuId } = (event as EventOf<typeof stockExceptionRaised>).data;
          return code === 'LOW_STOCK' && (wanted?.has(skuId ?? '') ?? true);
        },
        current: async () => {
          const { nodes } = await stockExceptionPage(ctx, { code: 'LOW_STOCK', state: 'OPEN', ...(wanted && { skuIds: [...wanted] }) }, parsePage({ first: 250 }));
          return nodes.map(({ id }) => ({ exceptionId: id })).reverse();
        },
      };
    }),
  })
  lowStock(@Root() event: EventOf<typeof stockExceptionRaised>, @Ctx() ctx: GraphContext, @Arg('skuIds', () => [ID], { nullable: true }) _skuIds?: string[] | null): Promise<StockExceptionType | null> {
    return stockExceptionById(ctx).load(event.data.exceptionId) as Promise<StockExceptionType | null>;
  }

  @FieldResolver(() => SkuStub, { nullable: true })
  sku(@Root() { skuId }: StockExceptionType): SkuStub | null {
    return skuId === null ? null : { id: skuId };
  }

  @FieldResolver(() => ChannelStub, { nullable: true })
  channel(@Root() { channelId }: StockExceptionType): ChannelStub | null {
    return channelId === null ? null : { id: channelId };
  }

  @FieldResolver(() => LocationType, { nullable: true })
  location(@Root() { locationId }: StockExceptionType, @Ctx() ctx: GraphContext): Promise<LocationType | null> | null {
    return locationId === null ? null : locationById(ctx).load(locationId);
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Units that could be sold when it was raised, where it is about that.' })
  available(@Root() { figures }: StockExceptionType): number | null {
    return typeof figures.available === 'number' ? figures.available : null;
  }

  @FieldResolver(() => Int, { nullable: true, description: 'The threshold that was crossed, of LOW_STOCK.' })
  threshold(@Root() { figures }: StockExceptionType): number | null {
    return typeof figures.threshold === 'number' ? figures.threshold : null;
  }

  @FieldResolver(() => Int, { nullable: true, description: 'What we count, of STOCK_DRIFT.' })
  ours(@Root() { figures }: StockExceptionType): number | null {
    return typeof figures.ours === 'number' ? figures.ours : null;
  }

  @FieldResolver(() => Int, { nullable: true, description: 'What the journal, the holds or the system outside come to, of STOCK_DRIFT.' })
  theirs(@Root() { figures }: StockExceptionType): number | null {
    return typeof figures.theirs === 'number' ? figures.theirs : null;
  }

  @FieldResolver(() => StockDriftKindEnum, { nullable: true })
  driftKind(@Root() { figures }: StockExceptionType): DriftKind | null {
    return (figures.kind as DriftKind | undefined) ?? null;
  }

  @FieldResolver(() => StockLevelType, { nullable: true, description: 'The level, of STOCK_DEFICIT and of a drift inside; its `holdsToRelease` are the orders to release.' })
  stockLevel(@Root() { figures }: StockExceptionType, @Ctx() ctx: GraphContext): Promise<StockLevelType | null> | null {
    return typeof figures.stockLevelId === 'string' ? levelById(ctx).load(figures.stockLevelId) : null;
  }
}
