import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { channelById, channelPage, refusedLastDay } from '../queries/channels.js';
import { deliveryPageOfChannel } from '../queries/deliveries.js';
import { webhookPath } from '../queries/webhook-path.js';
import { ChannelType } from './channel.type.js';
import { DeliveryConnection } from './delivery.resolver.js';
import type { DeliveryType } from './delivery.type.js';

const ChannelConnectionType = Connection(ChannelType, 'Channel');

@Resolver(() => ChannelType)
export class ChannelResolver {
  @Query(() => ChannelConnectionType, { description: 'The channels that you may see, newest first.' })
  channels(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<ChannelType>> {
    ctx.viewer.must('channels:read');
    return channelPage(ctx, parsePage(page, 'con')) as Promise<Page<ChannelType>>;
  }

  @Query(() => ChannelType, { nullable: true })
  channel(@Ctx() ctx: GraphContext, @Arg('id', () => ID) id: string): Promise<ChannelType | null> {
    ctx.viewer.must('channels:read');
    return channelById(ctx).load(parseId('con', id)) as Promise<ChannelType | null>;
  }

  @FieldResolver(() => String, { description: 'Where the platform posts its webhooks, below the address of the product.' })
  webhookUrlPath(@Root() channel: ChannelType): string {
    return webhookPath(channel.platform, channel.id);
  }

  @FieldResolver(() => Int, { description: 'Webhooks refused for their signature in the last 24 hours.' })
  async webhooksRefusedLastDay(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<number> {
    return (await refusedLastDay(ctx).load(channel.id)) ?? 0;
  }

  @FieldResolver(() => DeliveryConnection, { description: 'Webhooks of this channel, newest first.' })
  deliveries(@Root() channel: ChannelType, @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<DeliveryType>> {
    return deliveryPageOfChannel(ctx, channel.id, parsePage(page, 'dlv')) as Promise<Page<DeliveryType>>;
  }
}
