import { CurrencyCode, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { setEarnRate } from '../commands/set-earn-rate.js';
import { MEMBERS_ERRORS } from '../errors.js';
import { earnRateOf } from '../queries/earn-rates.js';
import { MembersUserError } from './members-user-error.type.js';
import { EarnRateType } from './earn-rate.type.js';

@InputType()
class SetEarnRateInput {
  @Field(() => CurrencyCode) currency!: string;
  @Field(() => Int, { description: 'Points for each major unit, 1 to 10000. Counts from now on.' }) pointsPerMajor!: number;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class SetEarnRatePayload {
  @Field(() => EarnRateType, { nullable: true }) earnRate!: EarnRateType | null;
  @Field(() => [MembersUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class SetEarnRateMutation {
  @Mutation(() => SetEarnRatePayload)
  async setEarnRate(@Arg('input', () => SetEarnRateInput) input: SetEarnRateInput, @Ctx() ctx: GraphContext): Promise<SetEarnRatePayload> {
    ctx.viewer.must('members:write');
    const result = await setEarnRate(ctx, { ...input });
    if (result.kind === 'refused') return { earnRate: null, userErrors: [toUserError(MEMBERS_ERRORS, result, ctx.language)] };
    return { earnRate: await earnRateOf(ctx, result.currency), userErrors: [] };
  }
}
