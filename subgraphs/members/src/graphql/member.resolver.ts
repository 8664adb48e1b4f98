import { parseId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { maskedProfile, type MaskedProfile } from '../queries/masked-profile.js';
import { identitiesByMember, memberById, memberPage } from '../queries/members.js';
import { balanceOf } from '../queries/points.js';
import { ChannelStub, MemberIdentityType, MemberType, PointsBalanceType } from './member.type.js';

const MemberConnection = Connection(MemberType, 'Member');

const profileOf = async (ctx: GraphContext, { id }: MemberType): Promise<MaskedProfile> => maskedProfile(ctx.deps.vault, await identitiesByMember(ctx).load(id));

@Resolver(() => MemberType)
export class MemberResolver {
  @Query(() => MemberConnection, { description: 'Members, newest first.' })
  members(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<MemberType>> {
    ctx.viewer.must('members:read');
    return memberPage(ctx, parsePage(page, 'mem'));
  }

  @Query(() => MemberType, { nullable: true })
  member(@Arg('id', () => ID) id: string, @Ctx() ctx: GraphContext): Promise<MemberType | null> {
    ctx.viewer.must('members:read');
    return memberById(ctx).load(parseId('mem', id));
  }

  @FieldResolver(() => String, { nullable: true, description: 'Such as `张**`.' })
  async maskedName(@Root() member: MemberType, @Ctx() ctx: GraphContext): Promise<string | null> {
    return (await profileOf(ctx, member)).name;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Such as `138****1234`.' })
  async maskedPhone(@Root() member: MemberType, @Ctx() ctx: GraphContext): Promise<string | null> {
    return (await profileOf(ctx, member)).phone;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Such as `b***@example.com`.' })
  async maskedEmail(@Root() member: MemberType, @Ctx() ctx: GraphContext): Promise<string | null> {
    return (await profileOf(ctx, member)).email;
  }

  @FieldResolver(() => PointsBalanceType)
  points(@Root() member: MemberType, @Ctx() ctx: GraphContext): Promise<PointsBalanceType> {
    return balanceOf(ctx, member.id);
  }

  @FieldResolver(() => [MemberIdentityType], { description: 'How the channels that you may see know this member.' })
  identities(@Root() member: MemberType, @Ctx() ctx: GraphContext): Promise<readonly MemberIdentityType[]> {
    return identitiesByMember(ctx).load(member.id);
  }
}

@Resolver(() => MemberIdentityType)
export class MemberIdentityResolver {
  @FieldResolver(() => ChannelStub)
  channel(@Root() identity: MemberIdentityType): ChannelStub {
    return { id: identity.connectionId };
  }
}
