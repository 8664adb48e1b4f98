import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, registerEnumType, Resolver, Root } from 'type-graphql';
import { endMembership, grantMembership, type MembershipSet } from '../commands/grant-membership.js';
import { holdsAt, type MembershipLevel } from '../domain/membership.js';
import { MEMBERS_ERRORS } from '../errors.js';
import { memberById, membershipsByMember } from '../queries/members.js';
import { MemberType } from './member.type.js';
import { MembersUserError } from './members-user-error.type.js';

const MembershipLevelEnum = { MONTH: 'MONTH', YEAR: 'YEAR' } as const satisfies Record<MembershipLevel, string>;
registerEnumType(MembershipLevelEnum, { name: 'MembershipLevel', valuesConfig: { MONTH: { description: 'Month card.' }, YEAR: { description: 'Year card: orders are sent first, within 24 hours.' } } });

@ObjectType({ description: 'A card that a member holds or held.' })
class MembershipType {
  @Field(() => MembershipLevelEnum) level!: MembershipLevel;
  @Field(() => DateTime) validFrom!: Date;
  @Field(() => DateTime, { description: 'Holds until just before.' }) validUntil!: Date;
  @Field({ description: 'Holds now.' }) active!: boolean;
}

@InputType()
class EndMembershipInput {
  @Field(() => ID) memberId!: string;
  @Field(() => MembershipLevelEnum) level!: MembershipLevel;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@InputType()
class GrantMembershipInput extends EndMembershipInput {
  @Field(() => Int, { defaultValue: 1, description: 'Months or years, 1 to 36. A card that holds lasts longer from its end on.' }) periods!: number;
}

@ObjectType()
class MembershipPayload {
  @Field(() => MemberType, { nullable: true }) member!: MemberType | null;
  @Field(() => [MembersUserError]) userErrors!: UserErrorShape[];
}

@Resolver(() => MemberType)
export class MembershipResolver {
  @FieldResolver(() => [MembershipType], { description: 'Cards that they hold or held, one for each level.' })
  async memberships(@Root() member: MemberType, @Ctx() ctx: GraphContext): Promise<MembershipType[]> {
    const now = new Date();
    return (await membershipsByMember(ctx).load(member.id)).map((card) => ({ level: card.level, validFrom: card.validFrom, validUntil: card.validUntil, active: holdsAt(card, now) }));
  }

  @Mutation(() => MembershipPayload, { description: 'Gives a member a card, or makes the one that they hold last longer.' })
  async grantMembership(@Arg('input', () => GrantMembershipInput) input: GrantMembershipInput, @Ctx() ctx: GraphContext): Promise<MembershipPayload> {
    ctx.viewer.must('members:write');
    return payload(ctx, await grantMembership(ctx, { ...input, memberId: parseId('mem', input.memberId) }));
  }

  @Mutation(() => MembershipPayload, { description: "Ends a member's card at this moment." })
  async endMembership(@Arg('input', () => EndMembershipInput) input: EndMembershipInput, @Ctx() ctx: GraphContext): Promise<MembershipPayload> {
    ctx.viewer.must('members:write');
    return payload(ctx, await endMembership(ctx, { ...input, memberId: parseId('mem', input.memberId) }));
  }
}

async function payload(ctx: GraphContext, result: MembershipSet): Promise<MembershipPayload> {
  if (result.kind === 'refused') return { member: null, userErrors: [toUserError(MEMBERS_ERRORS, result, ctx.language)] };
  membershipsByMember(ctx).clear(result.memberId);
  return { member: await memberById(ctx).load(result.memberId), userErrors: [] };
}
