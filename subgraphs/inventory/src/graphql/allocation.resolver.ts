import { Connection, Decimal, PageArgs, parsePage, ProductError, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import { faultOfPolicy, faultOfRule, ratioText } from '../domain/stock-scope.js';
import { INVENTORY_ERRORS } from '../errors.js';
import { allocationPreview, allocationRulePage, publishedQuantityPage, stockChannels, stockPolicyPage } from '../queries/allocation.js';
import { toAllocationRule, toStockPolicy } from './allocation-inputs.js';
import {
  AllocationPreviewType, AllocationRuleInput, AllocationRuleType, PublishedQuantityType, PublishOutcomeEnum, StockChannelType, StockPolicyInput, StockPolicyType,
} from './allocation.type.js';
import { ChannelStub } from './channel.stub.js';
import { parseIds, parseOptionalId } from './id-arguments.js';
import { SkuStub } from './sku.stub.js';

const AllocationRuleConnection = Connection(AllocationRuleType, 'AllocationRule');
const StockPolicyConnection = Connection(StockPolicyType, 'StockPolicy');
const PublishedQuantityConnection = Connection(PublishedQuantityType, 'PublishedQuantity');
const AllocationPreviewConnection = Connection(AllocationPreviewType, 'AllocationPreview');

@InputType()
class AllocationRuleFilterInput {
  @Field(() => ID, { nullable: true }) channelId?: string | null;
  @Field(() => ID, { nullable: true }) skuId?: string | null;
  @Field(() => String, { nullable: true }) category?: string | null;
}

@InputType()
class PublishedQuantityFilterInput {
  @Field(() => ID, { nullable: true }) channelId?: string | null;
  @Field(() => [ID], { nullable: true }) skuIds?: string[] | null;
  @Field(() => PublishOutcomeEnum, { nullable: true }) outcome?: keyof typeof PublishOutcomeEnum | null;
}

@InputType({ description: 'Settings as they might be. A rule or policy takes the place of the one with the same scope.' })
class SupposedAllocationInput {
  @Field(() => [AllocationRuleInput], { defaultValue: [] }) rules!: AllocationRuleInput[];
  @Field(() => [StockPolicyInput], { defaultValue: [] }) policies!: StockPolicyInput[];
  @Field(() => [ID], { nullable: true, description: 'Channels that stock would be published to, in place of those it is.' }) channelIds?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'The main channel, in place of the present one.' }) mainChannelId?: string | null;
}

const MOST_SUPPOSED = 100;
const without = <Value extends object>(fields: Value): { [Key in keyof Value]?: NonNullable<Value[Key]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as never;

@Resolver(() => AllocationRuleType)
export class AllocationResolver {
  @Query(() => AllocationRuleConnection, { description: 'Rules of allocation, newest first.' })
  allocationRules(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => AllocationRuleFilterInput, { nullable: true }) filter?: AllocationRuleFilterInput | null): Promise<Page<AllocationRuleType>> {
    ctx.viewer.must('inventory:read');
    const { channelId, skuId, category } = filter ?? {};
    return allocationRulePage(ctx, without({ channelId: parseOptionalId('con', channelId), skuId: parseOptionalId('sku', skuId), category }), parsePage(page)) as unknown as Promise<Page<AllocationRuleType>>;
  }

  @Query(() => StockPolicyConnection, { description: 'Safety stock and low-stock thresholds, newest first.' })
  stockPolicies(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => AllocationRuleFilterInput, { nullable: true }) filter?: AllocationRuleFilterInput | null): Promise<Page<StockPolicyType>> {
    ctx.viewer.must('inventory:read');
    return stockPolicyPage(ctx, without({ skuId: parseOptionalId('sku', filter?.skuId), category: filter?.category }), parsePage(page)) as unknown as Promise<Page<StockPolicyType>>;
  }

  @Query(() => [StockChannelType], { description: 'Channels that stock is or was published to.' })
  stockChannels(@Ctx() ctx: GraphContext): Promise<StockChannelType[]> {
    ctx.viewer.must('inventory:read');
    return stockChannels(ctx);
  }

  @Query(() => PublishedQuantityConnection, { description: 'What channels were last told, newest pairing of channel and SKU first.' })
  publishedQuantities(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => PublishedQuantityFilterInput, { nullable: true }) filter?: PublishedQuantityFilterInput | null): Promise<Page<PublishedQuantityType>> {
    ctx.viewer.must('inventory:read');
    const { channelId, skuIds, outcome } = filter ?? {};
    return publishedQuantityPage(ctx, without({ channelId: parseOptionalId('con', channelId), skuIds: parseIds('sku', skuIds), outcome }), parsePage(page)) as unknown as Promise<Page<PublishedQuantityType>>;
  }

  @Query(() => AllocationPreviewConnection, { description: 'What if: what channels would show under supposed settings, beside what they were told. Without settings: what they are about to show.' })
  allocationPreview(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs,
    @Arg('suppose', () => SupposedAllocationInput, { nullable: true }) suppose?: SupposedAllocationInput | null,
    @Arg('skuIds', () => [ID], { nullable: true }) skuIds?: string[] | null,
  ): Promise<Page<AllocationPreviewType>> {
    ctx.viewer.must('inventory:read');
    const rules = (suppose?.rules ?? []).map(toAllocationRule);
    const policies = (suppose?.policies ?? []).map(toStockPolicy);
    const fault = rules.map(faultOfRule).find((found) => found !== null) ?? policies.map(faultOfPolicy).find((found) => found !== null);
    if (fault !== undefined && fault !== null) throw new ProductError('INPUT_INVALID', `${fault.field}: ${INVENTORY_ERRORS[fault.code].en}`);
    if (rules.length + policies.length > MOST_SUPPOSED) throw new ProductError('INPUT_INVALID', `at most ${MOST_SUPPOSED} rules and policies`);
    const supposed = { rules, policies, channelIds: parseIds('con', suppose?.channelIds) ?? null, mainChannelId: parseOptionalId('con', suppose?.mainChannelId) ?? undefined };
    return allocationPreview(ctx, supposed, parseIds('sku', skuIds) ?? null, parsePage(page)) as unknown as Promise<Page<AllocationPreviewType>>;
  }

  @FieldResolver(() => Decimal, { nullable: true, description: 'Share of the base that is shown.' })
  ratio(@Root() rule: AllocationRuleType): string | null {
    return rule.ratioScaled === null ? null : ratioText(rule.ratioScaled);
  }

  @FieldResolver(() => ChannelStub, { nullable: true, description: 'Null: every channel.' })
  channel(@Root() rule: AllocationRuleType): ChannelStub | null {
    return rule.channelId === null ? null : { id: rule.channelId };
  }

  @FieldResolver(() => SkuStub, { nullable: true })
  sku(@Root() rule: AllocationRuleType): SkuStub | null {
    return rule.skuId === null ? null : { id: rule.skuId };
  }
}

@Resolver(() => StockPolicyType)
export class StockPolicyResolver {
  @FieldResolver(() => SkuStub, { nullable: true })
  sku(@Root() policy: StockPolicyType): SkuStub | null {
    return policy.skuId === null ? null : { id: policy.skuId };
  }
}

@Resolver(() => StockChannelType)
export class StockChannelResolver {
  @FieldResolver(() => ChannelStub)
  channel(@Root() { channelId }: StockChannelType): ChannelStub {
    return { id: channelId };
  }
}

@Resolver(() => PublishedQuantityType)
export class PublishedQuantityResolver {
  @FieldResolver(() => ChannelStub)
  channel(@Root() { channelId }: PublishedQuantityType): ChannelStub {
    return { id: channelId };
  }

  @FieldResolver(() => SkuStub)
  sku(@Root() { skuId }: PublishedQuantityType): SkuStub {
    return { id: skuId };
  }
}

@Resolver(() => AllocationPreviewType)
export class AllocationPreviewResolver {
  @FieldResolver(() => SkuStub)
  sku(@Root() { id }: AllocationPreviewType): SkuStub {
    return { id };
  }
}
