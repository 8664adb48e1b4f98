import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { leaveChannel } from '../commands/connections/leave-channel.js';
import { rotateWebhookSecret } from '../commands/connections/rotate-webhook-secret.js';
import { switchChannel } from '../commands/connections/switch-channel.js';
import { BRIDGE_ERRORS, type BridgeErrorCode } from '../errors.js';
import { channelById } from '../queries/channels.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { ChannelType } from './channel.type.js';

@InputType()
class RotateWebhookSecretInput {
  @Field(() => ID) channelId!: string;
  @Field(() => String, { nullable: true, description: 'The new secret, 16 to 255 visible ASCII characters; one is made when it is left out.' }) webhookSecret?: string;
}

@InputType()
class DisableChannelInput {
  @Field(() => ID) channelId!: string;
}

@InputType()
class EnableChannelInput {
  @Field(() => ID) channelId!: string;
}

@InputType()
class LeaveChannelInput {
  @Field(() => ID) channelId!: string;
  @Field({ description: 'For the audit log, 1 to 200 characters.' }) reason!: string;
}

@ObjectType()
class RotateWebhookSecretPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => String, { nullable: true, description: 'Shown this once.' }) webhookSecret!: string | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class DisableChannelPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class EnableChannelPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class LeaveChannelPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ChangeChannelMutations {
  @Mutation(() => RotateWebhookSecretPayload, { description: 'Gives the channel a new signing secret. The one before is good for 24 hours more; older ones end at once.' })
  async rotateWebhookSecret(@Arg('input', () => RotateWebhookSecretInput) input: RotateWebhookSecretInput, @Ctx() ctx: GraphContext): Promise<RotateWebhookSecretPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    const result = await rotateWebhookSecret(ctx, { channelId, webhookSecret: input.webhookSecret ?? null });
    return { ...await payload(ctx, channelId, result), webhookSecret: result.kind === 'rotated' ? result.webhookSecret : null };
  }

  @Mutation(() => DisableChannelPayload, { description: 'Its webhooks are refused from now on. What is stored already is still worked on.' })
  async disableChannel(@Arg('input', () => DisableChannelInput) input: DisableChannelInput, @Ctx() ctx: GraphContext): Promise<DisableChannelPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    return payload(ctx, channelId, await switchChannel(ctx, channelId, 'DISABLED'));
  }

  @Mutation(() => EnableChannelPayload)
  async enableChannel(@Arg('input', () => EnableChannelInput) input: EnableChannelInput, @Ctx() ctx: GraphContext): Promise<EnableChannelPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    return payload(ctx, channelId, await switchChannel(ctx, channelId, 'ACTIVE'));
  }

  @Mutation(() => LeaveChannelPayload, { description: 'Leaves a channel for good: it is disabled, its keys, tokens and secrets are forgotten at once, and the mirrors of its goods and customers and the bodies of its webhooks soon after. Orders stay. Whoever comes back fills in new keys, makes a new secret and enables it.' })
  async leaveChannel(@Arg('input', () => LeaveChannelInput) input: LeaveChannelInput, @Ctx() ctx: GraphContext): Promise<LeaveChannelPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    return payload(ctx, channelId, await leaveChannel(ctx, { channelId, reason: input.reason }));
  }
}

async function payload(ctx: GraphContext, channelId: string, result: { readonly kind: string } | Refusal<BridgeErrorCode>): Promise<DisableChannelPayload> {
  if ('code' in result) return { channel: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
  return { channel: (await channelById(ctx).load(channelId)) as ChannelType | null, userErrors: [] };
}
