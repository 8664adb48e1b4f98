import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Platform } from '../channels/channels.js';
import { beginInstall } from '../commands/connections/begin-install.js';
import { channelEnvironment } from '../environment.js';
import { BRIDGE_ERRORS } from '../errors.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { ChannelPlatformEnum } from './channel.type.js';

@InputType()
class BeginChannelInstallInput {
  @Field(() => ChannelPlatformEnum) platform!: Platform;
  @Field({ description: "The shop's address on the platform: `tea.myshopify.com`." }) shopDomain!: string;
}

@ObjectType()
class BeginChannelInstallPayload {
  @Field(() => String, { nullable: true, description: 'Where your browser is to go; good once, for 15 minutes.' }) url!: string | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class BeginChannelInstallMutation {
  @Mutation(() => BeginChannelInstallPayload, { description: 'Begins to let our app into a shop. The shop is connected when its owner agrees there.' })
  async beginChannelInstall(@Arg('input', () => BeginChannelInstallInput) input: BeginChannelInstallInput, @Ctx() ctx: GraphContext): Promise<BeginChannelInstallPayload> {
    ctx.viewer.must('channels:write');
    const result = await beginInstall(ctx, channelEnvironment(), input);
    return result.kind === 'begun' ? { url: result.url, userErrors: [] } : { url: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
  }
}
