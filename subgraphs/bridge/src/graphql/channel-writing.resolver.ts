import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { retryChannelWrites } from '../commands/outgoing/retry-channel-writes.js';
import { BRIDGE_ERRORS } from '../errors.js';
import { channelWriting } from '../queries/channel-writing.js';
import { channelById } from '../queries/channels.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { ChannelType } from './channel.type.js';

@ObjectType('ChannelWriting', { description: 'What is still to be told to a shop, and what it does not take.' })
class ChannelWritingType {
  @Field(() => Int, { description: 'SKUs whose figure waits to be told.' }) stockWaiting!: number;
  @Field(() => Int, { description: 'SKUs whose figure the shop does not take; tried again every ten minutes.' }) stockFailed!: number;
  @Field(() => Int, { description: 'Parcels whose number waits to be told.' }) parcelsWaiting!: number;
  @Field(() => Int, { description: 'Parcels whose number the shop does not take; they wait for a person.' }) parcelsFailed!: number;
  @Field(() => Int, { description: 'Tellings of stock that failed since the last success.' }) failures!: number;
  @Field(() => String, { nullable: true }) lastErrorCode!: string | null;
  @Field(() => DateTime, { nullable: true }) lastSuccessAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When stock is told next; in the past when there is nothing to tell.' }) nextAt!: Date | null;
}

@InputType()
class RetryChannelWritesInput {
  @Field(() => ID) channelId!: string;
}

@ObjectType()
class RetryChannelWritesPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver(() => ChannelType)
export class ChannelWritingResolver {
  @FieldResolver(() => ChannelWritingType)
  writing(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<ChannelWritingType> {
    return channelWriting(ctx).load(channel.id) as Promise<ChannelWritingType>;
  }

  @Mutation(() => RetryChannelWritesPayload, { description: 'Tells the shop now what it did not take: figures that wait, and parcels that were given up.' })
  async retryChannelWrites(@Arg('input', () => RetryChannelWritesInput) input: RetryChannelWritesInput, @Ctx() ctx: GraphContext): Promise<RetryChannelWritesPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    const result = await retryChannelWrites(ctx, channelId);
    if (result.kind !== 'retried') return { channel: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
    return { channel: (await channelById(ctx).load(channelId)) as ChannelType | null, userErrors: [] };
  }
}
