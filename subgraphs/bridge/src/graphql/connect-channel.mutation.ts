import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Platform } from '../channels/channels.js';
import { connectChannel } from '../commands/connections/connect-channel.js';
import { BRIDGE_ERRORS } from '../errors.js';
import { channelOfTenant } from '../queries/channels.js';
import { webhookPath } from '../queries/webhook-path.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { ChannelPlatformEnum, ChannelType } from './channel.type.js';

@InputType()
class ConnectChannelInput {
  @Field(() => ChannelPlatformEnum) platform!: Platform;
  @Field({ description: 'What people call it; 1 to 100 characters.' }) name!: string;
  @Field(() => String, { nullable: true, description: "The shop's address on its platform, such as `my-shop.myshopify.com`: webhooks of other shops are refused then." }) shopDomain?: string;
  @Field(() => String, { nullable: true, description: "What the platform signs with, 16 to 255 visible ASCII characters: an app's client secret. One is made when it is left out." }) webhookSecret?: string;
  @Field({ description: 'The same key again answers the first result, without the secret.' }) idempotencyKey!: string;
}

@ObjectType()
class ConnectChannelPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => String, { nullable: true, description: 'Where the platform is to post its webhooks, below the address of the product.' }) webhookPath!: string | null;
  @Field(() => String, { nullable: true, description: 'Shown this once; null in the answer to a replay.' }) webhookSecret!: string | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ConnectChannelMutation {
  @Mutation(() => ConnectChannelPayload)
  async connectChannel(@Arg('input', () => ConnectChannelInput) input: ConnectChannelInput, @Ctx() ctx: GraphContext): Promise<ConnectChannelPayload> {
    ctx.viewer.must('channels:write');
    const result = await connectChannel(ctx, { ...input, shopDomain: input.shopDomain ?? null, webhookSecret: input.webhookSecret ?? null });
    if (result.kind === 'refused') return { channel: null, webhookPath: null, webhookSecret: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
    return {
      channel: (await channelOfTenant(ctx, result.channelId)) as ChannelType | null,
      webhookPath: webhookPath(input.platform, result.channelId), webhookSecret: result.webhookSecret, userErrors: [],
    };
  }
}
