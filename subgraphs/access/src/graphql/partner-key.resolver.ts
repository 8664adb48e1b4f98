import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { partnerKeyPage } from '../queries/partner-keys.js';
import { ChannelStub, channelStub } from './channel.stub.js';
import { PartnerKeyType } from './partner-key.type.js';

const PartnerKeyConnection = Connection(PartnerKeyType, 'PartnerKey');

@Resolver(() => PartnerKeyType)
export class PartnerKeyResolver {
  @Query(() => PartnerKeyConnection, { description: 'Partner keys, newest first, revoked ones among them.' })
  partnerKeys(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<PartnerKeyType>> {
    ctx.viewer.must('access:read');
    return partnerKeyPage(ctx, parsePage(page, 'key')) as Promise<Page<PartnerKeyType>>;
  }

  @FieldResolver(() => [ChannelStub])
  channels(@Root() key: PartnerKeyType): ChannelStub[] {
    return key.channelIds.map(channelStub);
  }
}
