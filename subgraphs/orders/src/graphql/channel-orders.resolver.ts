import { PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { orderPageOfChannel } from '../queries/orders-by-channel.js';
import { ChannelStub } from './channel.stub.js';
import { OrderConnection } from './order.resolver.js';
import type { OrderType } from './order.type.js';

@Resolver(() => ChannelStub)
export class ChannelOrdersResolver {
  @FieldResolver(() => OrderConnection)
  orders(@Root() channel: ChannelStub, @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<OrderType>> {
    ctx.viewer.must('orders:read');
    return orderPageOfChannel(ctx, channel.id, parsePage(page, 'ord')) as Promise<Page<OrderType>>;
  }
}
