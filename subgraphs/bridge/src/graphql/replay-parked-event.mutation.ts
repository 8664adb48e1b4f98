import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { replayParkedEvent } from '../commands/replay-parked-event.js';
import { BRIDGE_ERRORS } from '../errors.js';
import type { SubgraphName } from '../queries/parked-events.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { ParkedEventType, SubgraphNameEnum } from './parked-event.type.js';

@InputType()
class ReplayParkedEventInput {
  @Field(() => SubgraphNameEnum, { description: 'Who could not take it in: one event may wait in several.' }) subgraph!: SubgraphName;
  @Field(() => ID) eventId!: string;
}

@ObjectType()
class ReplayParkedEventPayload {
  @Field(() => Int, { description: 'Events of its subject that went through, this one and others.' }) replayed!: number;
  @Field(() => ParkedEventType, { nullable: true, description: 'The event with its new reason, where it goes on waiting.' }) parkedEvent!: ParkedEventType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ReplayParkedEventMutation {
  @Mutation(() => ReplayParkedEventPayload, {
    description: 'Tries a parked event once more, with all of its subject that wait before and behind it, in their order. Safe to repeat: each is taken in once. Its alert closes by itself when it has gone through.',
  })
  async replayParkedEvent(@Arg('input', () => ReplayParkedEventInput) { subgraph, eventId }: ReplayParkedEventInput, @Ctx() ctx: GraphContext): Promise<ReplayParkedEventPayload> {
    ctx.viewer.must('alerts:write');
    const { replayed, waiting, refusal } = await replayParkedEvent(ctx, { subgraph, eventId: parseId('evt', eventId) });
    return { replayed, parkedEvent: waiting, userErrors: refusal === null ? [] : [toUserError(BRIDGE_ERRORS, refusal, ctx.language)] };
  }
}
