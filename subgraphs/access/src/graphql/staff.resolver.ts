import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import type { RoleName } from '@quanyu/viewer';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { channelsOf } from '../domain/channels.js';
import { channelsByStaff, staffPage } from '../queries/staff.js';
import { ChannelStub, channelStub } from './channel.stub.js';
import { StaffRoleEnum, StaffType } from './staff.type.js';

const StaffConnection = Connection(StaffType, 'Staff');

/** Id and name are for colleagues (see the reference in subgraph.ts); what somebody may do is for those who manage staff. */
@Resolver(() => StaffType)
export class StaffResolver {
  @Query(() => StaffConnection, { description: 'Who works for the tenant, newest first, without those who were removed.' })
  staff(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<StaffType>> {
    ctx.viewer.must('access:read');
    return staffPage(ctx, parsePage(page, 'stf')) as Promise<Page<StaffType>>;
  }

  @FieldResolver(() => StaffRoleEnum)
  role(@Root() staff: StaffType, @Ctx() ctx: GraphContext): RoleName {
    ctx.viewer.must('access:read');
    return staff.role;
  }

  @FieldResolver(() => String, { description: 'Issuer of the tokens that they sign in with.' })
  issuer(@Root() staff: StaffType, @Ctx() ctx: GraphContext): string {
    ctx.viewer.must('access:read');
    return staff.issuer;
  }

  @FieldResolver(() => String, { description: 'What the issuer calls them.' })
  subject(@Root() staff: StaffType, @Ctx() ctx: GraphContext): string {
    ctx.viewer.must('access:read');
    return staff.subject;
  }

  @FieldResolver(() => Boolean, { description: 'They see all channels, by grant or as an owner.' })
  allChannels(@Root() staff: StaffType, @Ctx() ctx: GraphContext): boolean {
    ctx.viewer.must('access:read');
    return channelsOf(staff.role, { allChannels: staff.allChannels, channelIds: [] }) === 'all';
  }

  @FieldResolver(() => [ChannelStub], { description: 'Channels granted by name; of no effect while `allChannels` holds.' })
  async channels(@Root() staff: StaffType, @Ctx() ctx: GraphContext): Promise<ChannelStub[]> {
    ctx.viewer.must('access:read');
    return (await channelsByStaff(ctx).load(staff.id)).map(({ connectionId }) => channelStub(connectionId));
  }
}
