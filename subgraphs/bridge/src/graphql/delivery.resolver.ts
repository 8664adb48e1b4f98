import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import type { DeliveryState } from '../domain/delivery-state.js';
import { channelById } from '../queries/channels.js';
import { deliveryPage } from '../queries/deliveries.js';
import { ChannelType } from './channel.type.js';
import { DeliveryStateEnum, DeliveryType } from './delivery.type.js';

export const DeliveryConnection = Connection(DeliveryType, 'Delivery');

@InputType()
class DeliveryFilterInput {
  @Field(() => ID, { nullable: true }) channelId?: string;
  @Field(() => DeliveryStateEnum, { nullable: true }) state?: DeliveryState;
}

@Resolver(() => DeliveryType)
export class DeliveryResolver {
  @Query(() => DeliveryConnection, { description: 'Webhooks of the channels that you may see, newest first.' })
  deliveries(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => DeliveryFilterInput, { nullable: true }) filter?: DeliveryFilterInput): Promise<Page<DeliveryType>> {
    ctx.viewer.must('channels:read');
    const channelId = filter?.channelId ? parseId('con', filter.channelId) : null;
    return deliveryPage(ctx, { channelId, state: filter?.state ?? null }, parsePage(page, 'dlv')) as Promise<Page<DeliveryType>>;
  }

  @FieldResolver(() => ChannelType)
  channel(@Root() delivery: DeliveryType, @Ctx() ctx: GraphContext): Promise<ChannelType | null> {
    return channelById(ctx).load(delivery.connectionId) as Promise<ChannelType | null>;
  }
}
