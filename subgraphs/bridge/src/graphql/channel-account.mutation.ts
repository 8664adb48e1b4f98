import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { checkChannel } from '../commands/connections/check-channel.js';
import { readChannelNow } from '../commands/sync/read-channel-now.js';
import { setChannelAccount } from '../commands/connections/set-channel-account.js';
import { syncChannel } from '../commands/sync/sync-channel.js';
import { channelEnvironment } from '../environment.js';
import { BRIDGE_ERRORS, type BridgeErrorCode } from '../errors.js';
import { Shops } from '../outbound/shops.js';
import { channelById } from '../queries/channels.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { ChannelType } from './channel.type.js';

@InputType()
class ChannelAccountFieldInput {
  @Field() name!: string;
  @Field() value!: string;
}

@InputType()
class SetChannelAccountInput {
  @Field(() => ID) channelId!: string;
  @Field(() => [ChannelAccountFieldInput], { description: 'Those that are left out keep their value. Shopify: accessToken, apiVersion (2025-01), locationId.' }) fields!: ChannelAccountFieldInput[];
}

@InputType()
class CheckChannelInput {
  @Field(() => ID) channelId!: string;
}

@InputType()
class ReadChannelNowInput {
  @Field(() => ID) channelId!: string;
  @Field(() => DateTime, { nullable: true, description: 'Read again all that changed since then.' }) from?: Date;
}

@InputType()
class SyncChannelInput {
  @Field(() => ID) channelId!: string;
  @Field(() => Boolean, { defaultValue: false, description: 'From the beginning, also where it has been read; without it a reading that has begun goes on at once.' }) again!: boolean;
}

@ObjectType()
class ChannelAccountPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class CheckChannelPayload {
  @Field(() => String, { nullable: true, description: "The shop's own name." }) shopName!: string | null;
  @Field(() => String, { nullable: true, description: 'The version of its API that answered.' }) apiVersion!: string | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ChannelAccountMutations {
  #shops: Shops | undefined;

  @Mutation(() => ChannelAccountPayload, { description: 'Keeps what opens the shop, and begins to read its orders. Secrets are never shown again.' })
  async setChannelAccount(@Arg('input', () => SetChannelAccountInput) input: SetChannelAccountInput, @Ctx() ctx: GraphContext): Promise<ChannelAccountPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    return payload(ctx, channelId, await setChannelAccount(ctx, { channelId, fields: input.fields }));
  }

  @Mutation(() => ChannelAccountPayload, { description: 'Reads the orders of the shop now, not at the usual time.' })
  async readChannelNow(@Arg('input', () => ReadChannelNowInput) input: ReadChannelNowInput, @Ctx() ctx: GraphContext): Promise<ChannelAccountPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    return payload(ctx, channelId, await readChannelNow(ctx, { channelId, from: input.from ?? null }));
  }

  @Mutation(() => ChannelAccountPayload, { description: 'Reads a shop as a whole: goods, customers, orders, webhooks, and the index of its goods. `Channel.firstSync` shows how far it is.' })
  async syncChannel(@Arg('input', () => SyncChannelInput) input: SyncChannelInput, @Ctx() ctx: GraphContext): Promise<ChannelAccountPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    return payload(ctx, channelId, await syncChannel(ctx, { channelId, again: input.again }));
  }

  @Mutation(() => CheckChannelPayload, { description: 'Tries the shop: connects, signs in, fetches.' })
  async checkChannel(@Arg('input', () => CheckChannelInput) input: CheckChannelInput, @Ctx() ctx: GraphContext): Promise<CheckChannelPayload> {
    ctx.viewer.must('channels:write');
    this.#shops ??= new Shops(channelEnvironment());
    const result = await checkChannel(ctx, this.#shops, parseId('con', input.channelId));
    if (result.kind !== 'checked') return { shopName: null, apiVersion: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
    return { ...result.shop, userErrors: [] };
  }
}

async function payload(ctx: GraphContext, channelId: string, result: { readonly kind: string } | Refusal<BridgeErrorCode>): Promise<ChannelAccountPayload> {
  if ('code' in result) return { channel: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
  return { channel: (await channelById(ctx).load(channelId)) as ChannelType | null, userErrors: [] };
}
