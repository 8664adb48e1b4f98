import type { GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { channelReading, lastRuns } from '../queries/channel-reading.js';
import { ChannelReadingType, ChannelRunType } from './channel-reading.type.js';
import { ChannelType } from './channel.type.js';

@Resolver(() => ChannelType)
export class ChannelReadingField {
  @FieldResolver(() => ChannelReadingType, { nullable: true, description: 'Null where only webhooks tell of orders.' })
  reading(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<ChannelReadingType | null> {
    return channelReading(ctx).load(channel.id) as Promise<ChannelReadingType | null>;
  }
}

@Resolver(() => ChannelReadingType)
export class ChannelReadingResolver {
  @FieldResolver(() => [ChannelRunType], { description: 'The last ten readings, newest first.' })
  runs(@Root() reading: ChannelReadingType, @Ctx() ctx: GraphContext): Promise<readonly ChannelRunType[]> {
    return lastRuns(ctx).load(reading.channelId);
  }
}
