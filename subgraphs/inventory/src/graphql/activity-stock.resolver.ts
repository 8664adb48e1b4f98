import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { changeActivityStock, endActivityStock, fillActivityStock, openActivityStock, type BucketResult } from '../commands/buckets/administer-bucket.js';
import { INVENTORY_ERRORS } from '../errors.js';
import { activityStock, activityStockByKey, levelsOfBucket, type ActivityStock } from '../queries/activity-stock.js';
import { InventoryUserError } from './inventory-user-error.type.js';
import { StockLevelType } from './stock-level.type.js';

const ActivityStockStateEnum = { PLANNED: 'PLANNED', SELLING: 'SELLING', ENDED: 'ENDED' } as const satisfies Record<ActivityStock['state'], ActivityStock['state']>;
registerEnumType(ActivityStockStateEnum, { name: 'ActivityStockState' });

@ObjectType('ActivityStock', { description: 'Units set aside for a live room or a flash sale. Orders that name its bucket are sold from it, all others from the pool.' })
class ActivityStockType {
  @Field({ description: "The activity's id, or a key of your own; send it as `bucket` when you reserve." }) bucket!: string;
  @Field() name!: string;
  @Field(() => Int, { nullable: true, description: 'Units of one SKU that one member may hold or buy.' }) perMemberLimit!: number | null;
  @Field(() => DateTime, { nullable: true }) startsAt!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'After it nothing is sold, and what is left returns to the pool.' }) endsAt!: string | null;
  @Field(() => ActivityStockStateEnum) state!: ActivityStock['state'];
}

@InputType()
class SetAsideInput {
  @Field(() => ID) skuId!: string;
  @Field(() => ID) locationId!: string;
  @Field(() => Int) quantity!: number;
}

@InputType()
class ActivityTermsInput {
  @Field({ description: '1 to 64 letters, digits, `-` and `_`.' }) bucket!: string;
  @Field() name!: string;
  @Field(() => Int, { nullable: true }) perMemberLimit?: number | null;
  @Field(() => DateTime, { nullable: true }) startsAt?: Date | null;
  @Field(() => DateTime, { nullable: true }) endsAt?: Date | null;
}

@InputType()
class OpenActivityStockInput extends ActivityTermsInput {
  @Field(() => [SetAsideInput], { defaultValue: [], description: 'All of it is set aside, or none.' }) units!: SetAsideInput[];
  @Field() idempotencyKey!: string;
}

@InputType()
class FillActivityStockInput {
  @Field() bucket!: string;
  @Field(() => [SetAsideInput]) units!: SetAsideInput[];
  @Field() idempotencyKey!: string;
}

@InputType()
class EndActivityStockInput {
  @Field() bucket!: string;
}

@ObjectType()
class ActivityStockPayload {
  @Field(() => ActivityStockType, { nullable: true }) activityStock!: ActivityStockType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

const unitsOf = (units: readonly SetAsideInput[]) => units.map(({ skuId, locationId, quantity }) => ({ skuId: parseId('sku', skuId), locationId: parseId('loc', locationId), quantity }));
const termsOf = ({ bucket, name, perMemberLimit, startsAt, endsAt }: ActivityTermsInput) => ({ bucket, name, perMemberLimit: perMemberLimit ?? null, startsAt: startsAt ?? null, endsAt: endsAt ?? null });

@Resolver(() => ActivityStockType)
export class ActivityStockResolver {
  @Query(() => [ActivityStockType], { description: 'Activities with stock of their own, the newest 250.' })
  activityStocks(@Ctx() ctx: GraphContext, @Arg('withEnded', () => Boolean, { defaultValue: false }) withEnded: boolean): Promise<ActivityStockType[]> {
    ctx.viewer.must('inventory:read');
    return activityStock(ctx, withEnded);
  }

  @Mutation(() => ActivityStockPayload, { description: 'Sets stock aside for an activity, by a transfer out of the pool.' })
  openActivityStock(@Arg('input', () => OpenActivityStockInput) input: OpenActivityStockInput, @Ctx() ctx: GraphContext): Promise<ActivityStockPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, openActivityStock(ctx, { ...termsOf(input), units: unitsOf(input.units), idempotencyKey: input.idempotencyKey }));
  }

  @Mutation(() => ActivityStockPayload, { description: 'Sets more units aside for an activity.' })
  fillActivityStock(@Arg('input', () => FillActivityStockInput) { bucket, units, idempotencyKey }: FillActivityStockInput, @Ctx() ctx: GraphContext): Promise<ActivityStockPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, fillActivityStock(ctx, { bucket, units: unitsOf(units), idempotencyKey }));
  }

  @Mutation(() => ActivityStockPayload, { description: 'Changes name, member limit and times of an activity, as a whole.' })
  changeActivityStock(@Arg('input', () => ActivityTermsInput) input: ActivityTermsInput, @Ctx() ctx: GraphContext): Promise<ActivityStockPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, changeActivityStock(ctx, termsOf(input)));
  }

  @Mutation(() => ActivityStockPayload, { description: 'Ends an activity now: nothing more is sold, and what is free returns to the pool.' })
  endActivityStock(@Arg('input', () => EndActivityStockInput) { bucket }: EndActivityStockInput, @Ctx() ctx: GraphContext): Promise<ActivityStockPayload> {
    ctx.viewer.must('inventory:write');
    return this.#payload(ctx, endActivityStock(ctx, bucket));
  }

  @FieldResolver(() => [StockLevelType], { description: 'Its units, by SKU and location.' })
  levels(@Root() { bucket }: ActivityStockType, @Ctx() ctx: GraphContext): Promise<readonly StockLevelType[]> {
    return levelsOfBucket(ctx).load(bucket);
  }

  async #payload(ctx: GraphContext, work: Promise<BucketResult>): Promise<ActivityStockPayload> {
    const result = await work;
    if (result.kind === 'refused') return { activityStock: null, userErrors: [toUserError(INVENTORY_ERRORS, result, ctx.language)] };
    return { activityStock: await activityStockByKey(ctx).load(result.bucket), userErrors: [] };
  }
}
