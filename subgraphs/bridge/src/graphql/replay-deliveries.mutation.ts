import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, registerEnumType, Resolver } from 'type-graphql';
import { replayDeliveries, type ReplayFilter } from '../commands/deliveries/replay-deliveries.js';
import { BRIDGE_ERRORS } from '../errors.js';
import { BridgeUserError } from './bridge-user-error.type.js';

const OutcomeEnum = { DONE: 'DONE', DEAD: 'DEAD', IGNORED: 'IGNORED', FAILED: 'FAILED' } as const;
registerEnumType(OutcomeEnum, { name: 'DeliveryOutcome', description: 'What became of a webhook.' });

@InputType()
class ReplayDeliveriesInput {
  @Field(() => ID) channelId!: string;
  @Field(() => [OutcomeEnum], { defaultValue: ['DEAD'], description: 'Those with these outcomes.' }) states!: ReplayFilter['states'];
  @Field(() => DateTime, { nullable: true, description: 'That came since then.' }) from?: Date;
  @Field(() => DateTime, { nullable: true, description: 'That came before then.' }) to?: Date;
  @Field(() => String, { nullable: true, description: 'That ended with this reason.' }) reason?: string;
}

@ObjectType()
class ReplayDeliveriesPayload {
  @Field(() => Int, { description: 'So many are worked on once more.' }) count!: number;
  @Field({ description: 'There are others: ask again for them.' }) more!: boolean;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ReplayDeliveriesMutation {
  @Mutation(() => ReplayDeliveriesPayload, { description: 'Has webhooks of a channel worked on once more, up to 1,000 at once, the oldest first.' })
  async replayDeliveries(@Arg('input', () => ReplayDeliveriesInput) input: ReplayDeliveriesInput, @Ctx() ctx: GraphContext): Promise<ReplayDeliveriesPayload> {
    ctx.viewer.must('channels:write');
    const result = await replayDeliveries(ctx, { channelId: parseId('con', input.channelId), states: input.states, from: input.from ?? null, to: input.to ?? null, reason: input.reason ?? null });
    if (result.kind === 'refused') return { count: 0, more: false, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
    return { count: result.count, more: result.more, userErrors: [] };
  }
}
