import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, Float, ID, InputType, Int, Mutation, ObjectType, registerEnumType, Resolver, Root } from 'type-graphql';
import type { Purpose } from '../channels/connector.js';
import { setChannelFlows } from '../commands/connections/set-channel-flows.js';
import { CHANNEL_FLOWS, type ChannelFlow } from '../domain/channel-flows.js';
import { BRIDGE_ERRORS } from '../errors.js';
import { channelCopies, givenCopies } from '../queries/channel-copies.js';
import { channelById } from '../queries/channels.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { ChannelType } from './channel.type.js';

const ChannelFlowEnum = Object.fromEntries(CHANNEL_FLOWS.map((flow) => [flow, flow])) as { readonly [F in ChannelFlow]: F };
registerEnumType(ChannelFlowEnum, {
  name: 'ChannelFlow', description: 'What flows between us and a channel, each switched by itself.',
  valuesConfig: {
    PULL_FULFILMENT: { description: 'What the shop has sent of an order that we gave it.' },
    PUSH_PRODUCTS: { description: 'The shop is given all our products as anybody may see them.' },
    PUSH_ORDERS: { description: 'The shop is given the paid orders of our own sales, by the fields that packing needs.' },
  },
});
const PurposeEnum = { PRODUCT: 'PRODUCT', ORDER: 'ORDER' } as const;
registerEnumType(PurposeEnum, { name: 'CopyPurpose' });
const ResultEnum = { SENT: 'SENT', REFUSED: 'REFUSED' } as const;
registerEnumType(ResultEnum, { name: 'CopyResult', valuesConfig: { REFUSED: { description: 'It held data that never leaves, and was not sent.' } } });

@ObjectType('GivenCopy', { description: 'Something of ours that left for a shop: the names of the fields, never their values.' })
class GivenCopyType {
  @Field(() => ID) id!: string;
  @Field(() => PurposeEnum) purpose!: Purpose;
  @Field(() => ID, { description: 'Of our product or order.' }) subjectId!: string;
  @Field(() => [String]) fields!: string[];
  @Field(() => ResultEnum) result!: keyof typeof ResultEnum;
  @Field(() => String, { nullable: true, description: 'What kind of data it was and where it stood, when it was refused.' }) reason!: string | null;
  @Field(() => DateTime) at!: Date;
}

@ObjectType('ChannelCopies', { description: 'What a shop is given of ours.' })
class ChannelCopiesType {
  @Field(() => Int) productsGiven!: number;
  @Field(() => Int) productsWaiting!: number;
  @Field(() => Int) ordersGiven!: number;
  @Field(() => Int) ordersWaiting!: number;
  @Field(() => Int, { description: 'What the shop does not take; it waits for a person, see `retryChannelWrites`.' }) failed!: number;
  @Field(() => Int, { description: 'What was not sent since it held data that never leaves.' }) refused!: number;
  @Field(() => Float, { nullable: true, description: 'In 95 of 100 cases the shop knew it within so many seconds, in the last day.' }) p95Seconds!: number | null;
  @Field(() => Int) failures!: number;
  @Field(() => String, { nullable: true }) lastErrorCode!: string | null;
  @Field(() => DateTime, { nullable: true }) lastSuccessAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Since when the shop takes nothing; buyers are told by mail meanwhile.' }) failingSince!: Date | null;
}

@InputType()
class SetChannelFlowsInput {
  @Field(() => ID) channelId!: string;
  @Field(() => [ChannelFlowEnum], { description: 'All that shall flow; what is left out stops.' }) flows!: ChannelFlow[];
}

@ObjectType()
class SetChannelFlowsPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver(() => ChannelType)
export class ChannelCopiesResolver {
  @FieldResolver(() => [ChannelFlowEnum])
  flows(@Root() channel: ChannelType & { readonly flows: ChannelFlow[] }): ChannelFlow[] {
    return channel.flows;
  }

  @FieldResolver(() => ChannelCopiesType)
  copies(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<ChannelCopiesType> {
    return channelCopies(ctx).load(channel.id) as Promise<ChannelCopiesType>;
  }

  @FieldResolver(() => [GivenCopyType], { description: 'The last fifty, newest first.' })
  givenCopies(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<GivenCopyType[]> {
    return givenCopies(ctx).load(channel.id) as unknown as Promise<GivenCopyType[]>;
  }

  @Mutation(() => SetChannelFlowsPayload, { description: 'Says what flows to and from a channel from now on.' })
  async setChannelFlows(@Arg('input', () => SetChannelFlowsInput) input: SetChannelFlowsInput, @Ctx() ctx: GraphContext): Promise<SetChannelFlowsPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    const result = await setChannelFlows(ctx, channelId, input.flows);
    if (result.kind !== 'set') return { channel: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
    return { channel: (await channelById(ctx).load(channelId)) as ChannelType | null, userErrors: [] };
  }
}
