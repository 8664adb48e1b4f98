import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { setAllocationRule } from '../commands/publishing/set-allocation-rule.js';
import { setStockCategory } from '../commands/publishing/set-stock-category.js';
import { reconcileStockChannel, setStockChannel } from '../commands/publishing/set-stock-channel.js';
import { setStockPolicy } from '../commands/publishing/set-stock-policy.js';
import { INVENTORY_ERRORS, type InventoryErrorCode } from '../errors.js';
import { allocationRuleById, stockChannelById, stockPolicyById } from '../queries/allocation.js';
import { toAllocationRule, toStockPolicy } from './allocation-inputs.js';
import { AllocationRuleInput, AllocationRuleType, StockChannelType, StockPolicyInput, StockPolicyType } from './allocation.type.js';
import { InventoryUserError } from './inventory-user-error.type.js';
import { SkuStub } from './sku.stub.js';

const EXPECTED = 'The version that you have seen, 0 when you expect none; refused when it has changed.';

@InputType()
class SetAllocationRuleInput {
  @Field(() => AllocationRuleInput, { description: 'The whole rule: what is left out comes from a wider rule.' }) rule!: AllocationRuleInput;
  @Field(() => Int, { nullable: true, description: EXPECTED }) expectedVersion?: number | null;
}

@InputType()
class SetStockPolicyInput {
  @Field(() => StockPolicyInput, { description: 'The whole policy: what is left out comes from a wider one.' }) policy!: StockPolicyInput;
  @Field(() => Int, { nullable: true, description: EXPECTED }) expectedVersion?: number | null;
}

@InputType()
class SetStockChannelInput {
  @Field(() => ID) channelId!: string;
  @Field(() => Boolean, { description: 'Whether stock is published to it. Look at `allocationPreview` first: its own figures are overwritten.' }) publishing!: boolean;
  @Field(() => Boolean, { defaultValue: false, description: 'The one that gets the last units, where a policy says so.' }) isMain!: boolean;
  @Field(() => Int, { nullable: true, description: EXPECTED }) expectedVersion?: number | null;
}

@InputType()
class ReconcileStockChannelInput {
  @Field(() => ID) channelId!: string;
}

@InputType()
class SetStockCategoryInput {
  @Field(() => [ID], { description: '1 to 1,000.' }) skuIds!: string[];
  @Field(() => String, { nullable: true, description: 'Null takes them out of any.' }) category?: string | null;
}

@ObjectType()
class SetAllocationRulePayload {
  @Field(() => AllocationRuleType, { nullable: true }) allocationRule!: AllocationRuleType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class SetStockPolicyPayload {
  @Field(() => StockPolicyType, { nullable: true }) stockPolicy!: StockPolicyType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class StockChannelPayload {
  @Field(() => StockChannelType, { nullable: true }) stockChannel!: StockChannelType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class SetStockCategoryPayload {
  @Field(() => [SkuStub]) skus!: SkuStub[];
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

const errorsOf = (refusal: Refusal<InventoryErrorCode>, ctx: GraphContext): UserErrorShape[] => [toUserError(INVENTORY_ERRORS, refusal, ctx.language)];

@Resolver()
export class AllocationSettingsMutations {
  @Mutation(() => SetAllocationRulePayload, { description: 'Sets how stock is shown on a channel or all. A ratio over 1 without a cap is refused with RATIO_NEEDS_CAP.' })
  async setAllocationRule(@Arg('input', () => SetAllocationRuleInput) { rule, expectedVersion }: SetAllocationRuleInput, @Ctx() ctx: GraphContext): Promise<SetAllocationRulePayload> {
    ctx.viewer.must('inventory:write');
    const result = await setAllocationRule(ctx, toAllocationRule(rule), expectedVersion ?? null);
    if (result.kind === 'refused') return { allocationRule: null, userErrors: errorsOf(result, ctx) };
    return { allocationRule: await allocationRuleById(ctx).load(result.id) as AllocationRuleType | null, userErrors: [] };
  }

  @Mutation(() => SetStockPolicyPayload, { description: 'Sets safety stock and low-stock thresholds.' })
  async setStockPolicy(@Arg('input', () => SetStockPolicyInput) { policy, expectedVersion }: SetStockPolicyInput, @Ctx() ctx: GraphContext): Promise<SetStockPolicyPayload> {
    ctx.viewer.must('inventory:write');
    const result = await setStockPolicy(ctx, toStockPolicy(policy), expectedVersion ?? null);
    if (result.kind === 'refused') return { stockPolicy: null, userErrors: errorsOf(result, ctx) };
    return { stockPolicy: await stockPolicyById(ctx).load(result.id) as StockPolicyType | null, userErrors: [] };
  }

  @Mutation(() => StockChannelPayload, { description: 'Switches the publishing of stock to a channel on or off.' })
  setStockChannel(@Arg('input', () => SetStockChannelInput) input: SetStockChannelInput, @Ctx() ctx: GraphContext): Promise<StockChannelPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, setStockChannel(ctx, { ...input, channelId: parseId('con', input.channelId), expectedVersion: input.expectedVersion ?? null }));
  }

  @Mutation(() => StockChannelPayload, { description: 'Tells a channel all its figures again, equal or not.' })
  reconcileStockChannel(@Arg('input', () => ReconcileStockChannelInput) { channelId }: ReconcileStockChannelInput, @Ctx() ctx: GraphContext): Promise<StockChannelPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, reconcileStockChannel(ctx, parseId('con', channelId)));
  }

  @Mutation(() => SetStockCategoryPayload, { description: 'Puts SKUs into a category that rules of stock can be said for.' })
  async setStockCategory(@Arg('input', () => SetStockCategoryInput) { skuIds, category }: SetStockCategoryInput, @Ctx() ctx: GraphContext): Promise<SetStockCategoryPayload> {
    ctx.viewer.must('inventory:write');
    const result = await setStockCategory(ctx, { skuIds: skuIds.map((id) => parseId('sku', id)), category: category ?? null });
    return result.kind === 'refused' ? { skus: [], userErrors: errorsOf(result, ctx) } : { skus: result.skuIds.map((id) => ({ id })), userErrors: [] };
  }

  async #payload(ctx: GraphContext, work: ReturnType<typeof setStockChannel>): Promise<StockChannelPayload> {
    const result = await work;
    if (result.kind === 'refused') return { stockChannel: null, userErrors: errorsOf(result, ctx) };
    return { stockChannel: await stockChannelById(ctx).load(result.channelId), userErrors: [] };
  }
}
