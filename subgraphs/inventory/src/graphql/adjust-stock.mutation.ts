import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, registerEnumType, Resolver } from 'type-graphql';
import { adjustStock, transferStock, type StockAdjusted } from '../commands/levels/adjust-stock.js';
import { ADJUST_REASONS, type AdjustReason } from '../domain/adjust-reasons.js';
import { MAIN_BUCKET } from '../domain/available.js';
import { INVENTORY_ERRORS, type InventoryErrorCode } from '../errors.js';
import { levelById } from '../queries/stock-levels.js';
import { InventoryUserError } from './inventory-user-error.type.js';
import { StockLevelType } from './stock-level.type.js';

const AdjustReasonEnum = Object.fromEntries(ADJUST_REASONS.map((reason) => [reason, reason])) as Record<AdjustReason, AdjustReason>;
registerEnumType(AdjustReasonEnum, { name: 'StockAdjustReason' });

const EXPECTED = 'The version that you have seen; refused when it has changed.';
const KEY = 'The same key again answers the first result.';

@InputType()
class AdjustStockInput {
  @Field(() => ID) skuId!: string;
  @Field(() => ID) locationId!: string;
  @Field(() => String, { defaultValue: MAIN_BUCKET, description: 'MAIN, or an activity.' }) bucket!: string;
  @Field(() => AdjustReasonEnum) reason!: AdjustReason;
  @Field(() => Int, { nullable: true, description: 'Added to what is there; negative takes away, but never what is promised.' }) onHandBy?: number | null;
  @Field(() => Int, { nullable: true, description: 'Added to what is unfit for sale.' }) unavailableBy?: number | null;
  @Field(() => Int, { nullable: true, description: 'Added to what is on its way.' }) incomingBy?: number | null;
  @Field(() => Int, { nullable: true, description: 'Units that may be promised beyond what is there, from now on.' }) allowance?: number | null;
  @Field(() => Int, { nullable: true, description: EXPECTED }) expectedVersion?: number | null;
  @Field(() => String, { nullable: true }) note?: string | null;
  @Field({ description: KEY }) idempotencyKey!: string;
}

@InputType()
class TransferStockInput {
  @Field(() => ID) skuId!: string;
  @Field(() => ID) fromLocationId!: string;
  @Field(() => ID) toLocationId!: string;
  @Field(() => Int, { description: 'Free units; what is promised stays where it is promised from.' }) quantity!: number;
  @Field(() => Int, { nullable: true, description: `Of the level that they leave. ${EXPECTED}` }) expectedVersion?: number | null;
  @Field(() => String, { nullable: true }) note?: string | null;
  @Field({ description: KEY }) idempotencyKey!: string;
}

@ObjectType()
class AdjustStockPayload {
  @Field(() => StockLevelType, { nullable: true }) stockLevel!: StockLevelType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class TransferStockPayload extends AdjustStockPayload {
  @Field(() => StockLevelType, { nullable: true }) toStockLevel!: StockLevelType | null;
}

@Resolver()
export class AdjustStockMutations {
  @Mutation(() => AdjustStockPayload, { description: 'Changes what there is of a SKU at a location, with its reason: goods received, damaged, held for quality, on their way.' })
  adjustStock(@Arg('input', () => AdjustStockInput) input: AdjustStockInput, @Ctx() ctx: GraphContext): Promise<AdjustStockPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, adjustStock(ctx, {
      ...input, skuId: parseId('sku', input.skuId), locationId: parseId('loc', input.locationId), onHandBy: input.onHandBy ?? null, unavailableBy: input.unavailableBy ?? null,
      incomingBy: input.incomingBy ?? null, allowance: input.allowance ?? null, expectedVersion: input.expectedVersion ?? null, note: input.note ?? null,
    }));
  }

  @Mutation(() => TransferStockPayload, { description: 'Moves free units of a SKU to another location.' })
  transferStock(@Arg('input', () => TransferStockInput) input: TransferStockInput, @Ctx() ctx: GraphContext): Promise<TransferStockPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, transferStock(ctx, {
      ...input, skuId: parseId('sku', input.skuId), fromLocationId: parseId('loc', input.fromLocationId), toLocationId: parseId('loc', input.toLocationId),
      expectedVersion: input.expectedVersion ?? null, note: input.note ?? null,
    }));
  }

  async #payload(ctx: GraphContext, work: Promise<StockAdjusted | Refusal<InventoryErrorCode>>): Promise<TransferStockPayload> {
    const result = await work;
    if (result.kind === 'refused') return { stockLevel: null, toStockLevel: null, userErrors: [toUserError(INVENTORY_ERRORS, result, ctx.language)] };
    const { stockLevelId, toStockLevelId } = result;
    const [stockLevel, toStockLevel] = await Promise.all([levelById(ctx).load(stockLevelId), toStockLevelId === null ? null : levelById(ctx).load(toStockLevelId)]);
    return { stockLevel, toStockLevel, userErrors: [] };
  }
}
