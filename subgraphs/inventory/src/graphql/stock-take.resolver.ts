import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, toUserError, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { cancelStockTake, closeStockTake, countStockLines, openStockTake, type TakeResult } from '../commands/counts/stock-takes.js';
import { INVENTORY_ERRORS } from '../errors.js';
import { locationById } from '../queries/stock-levels.js';
import { stockTakeById, stockTakeLinePage, stockTakePage, sumsOfTake } from '../queries/stock-takes.js';
import { parseOptionalId } from './id-arguments.js';
import { SkuStub } from './sku.stub.js';
import { LocationType } from './stock-level.type.js';
import { CancelStockTakeInput, CloseStockTakeInput, CountStockLinesInput, OpenStockTakeInput, StockTakeLineType, StockTakePayload, StockTakeStateEnum, StockTakeType } from './stock-take.type.js';

const StockTakeConnection = Connection(StockTakeType, 'StockTake');
const StockTakeLineConnection = Connection(StockTakeLineType, 'StockTakeLine');

@Resolver(() => StockTakeType)
export class StockTakeResolver {
  @Query(() => StockTakeConnection, { description: 'Counts, newest first.' })
  stockTakes(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs,
    @Arg('state', () => StockTakeStateEnum, { nullable: true }) state?: keyof typeof StockTakeStateEnum | null,
    @Arg('locationId', () => ID, { nullable: true }) locationId?: string | null,
  ): Promise<Page<StockTakeType>> {
    ctx.viewer.must('inventory:read');
    const location = parseOptionalId('loc', locationId);
    return stockTakePage(ctx, { ...(state && { state }), ...(location && { locationId: location }) }, parsePage(page)) as unknown as Promise<Page<StockTakeType>>;
  }

  @Query(() => StockTakeType, { nullable: true })
  stockTake(@Arg('id', () => ID) id: string, @Ctx() ctx: GraphContext): Promise<StockTakeType | null> {
    ctx.viewer.must('inventory:read');
    return stockTakeById(ctx).load(parseId('tak', id)) as Promise<StockTakeType | null>;
  }

  @Query(() => StockTakeLineConnection, { description: 'Lines of one count, newest first; `differing`: only those where something is missing or was found.' })
  stockTakeLines(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('stockTakeId', () => ID) stockTakeId: string,
    @Arg('differing', () => Boolean, { defaultValue: false }) differing: boolean,
  ): Promise<Page<StockTakeLineType>> {
    ctx.viewer.must('inventory:read');
    return stockTakeLinePage(ctx, parseId('tak', stockTakeId), differing, parsePage(page)) as unknown as Promise<Page<StockTakeLineType>>;
  }

  @Mutation(() => StockTakePayload, { description: 'Begins a count of a location.' })
  openStockTake(@Arg('input', () => OpenStockTakeInput) input: OpenStockTakeInput, @Ctx() ctx: GraphContext): Promise<StockTakePayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, openStockTake(ctx, { locationId: parseId('loc', input.locationId), note: input.note ?? null, idempotencyKey: input.idempotencyKey }));
  }

  @Mutation(() => StockTakePayload, { description: 'Writes down what was counted; stock changes only when the count is closed.' })
  countStockLines(@Arg('input', () => CountStockLinesInput) { stockTakeId, lines, idempotencyKey }: CountStockLinesInput, @Ctx() ctx: GraphContext): Promise<StockTakePayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, countStockLines(ctx, { stockTakeId: parseId('tak', stockTakeId), lines: lines.map(({ skuId, counted }) => ({ skuId: parseId('sku', skuId), counted })), idempotencyKey }));
  }

  @Mutation(() => StockTakePayload, { description: 'Closes a count: each difference becomes a movement. Less than is promised raises a deficit, and tells which orders to release.' })
  closeStockTake(@Arg('input', () => CloseStockTakeInput) { stockTakeId, idempotencyKey }: CloseStockTakeInput, @Ctx() ctx: GraphContext): Promise<StockTakePayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, closeStockTake(ctx, { stockTakeId: parseId('tak', stockTakeId), idempotencyKey }));
  }

  @Mutation(() => StockTakePayload, { description: 'Ends a count without applying it.' })
  cancelStockTake(@Arg('input', () => CancelStockTakeInput) { stockTakeId }: CancelStockTakeInput, @Ctx() ctx: GraphContext): Promise<StockTakePayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, cancelStockTake(ctx, parseId('tak', stockTakeId)));
  }

  @FieldResolver(() => LocationType, { nullable: true })
  location(@Root() { locationId }: StockTakeType, @Ctx() ctx: GraphContext): Promise<LocationType | null> {
    return locationById(ctx).load(locationId);
  }

  @FieldResolver(() => Int, { description: 'SKUs counted so far.' })
  async counted(@Root() { id }: StockTakeType, @Ctx() ctx: GraphContext): Promise<number> {
    return (await sumsOfTake(ctx).load(id))?.lines ?? 0;
  }

  @FieldResolver(() => Int, { description: 'Units that were not found.' })
  async missing(@Root() { id }: StockTakeType, @Ctx() ctx: GraphContext): Promise<number> {
    return (await sumsOfTake(ctx).load(id))?.missing ?? 0;
  }

  @FieldResolver(() => Int, { description: 'Units that were found and not expected.' })
  async found(@Root() { id }: StockTakeType, @Ctx() ctx: GraphContext): Promise<number> {
    return (await sumsOfTake(ctx).load(id))?.found ?? 0;
  }

  async #payload(ctx: GraphContext, work: Promise<TakeResult>): Promise<StockTakePayload> {
    const result = await work;
    if (result.kind === 'refused') return { stockTake: null, userErrors: [toUserError(INVENTORY_ERRORS, result, ctx.language)] };
    return { stockTake: await stockTakeById(ctx).load(result.stockTakeId) as StockTakeType | null, userErrors: [] };
  }
}

@Resolver(() => StockTakeLineType)
export class StockTakeLineResolver {
  @FieldResolver(() => SkuStub)
  sku(@Root() { skuId }: StockTakeLineType): SkuStub {
    return { id: skuId };
  }
}
