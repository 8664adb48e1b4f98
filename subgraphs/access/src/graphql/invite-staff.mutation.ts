import { parseId } from '@quanyu/ids';
import type { GraphContext, UserErrorShape } from '@quanyu/subgraph';
import type { RoleName } from '@quanyu/viewer';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { inviteStaff } from '../commands/invite-staff.js';
import { AccessUserError } from './access-user-error.type.js';
import { staffPayload, type StaffPayload } from './staff-payload.js';
import { StaffRoleEnum, StaffType } from './staff.type.js';

@InputType()
class InviteStaffInput {
  @Field({ description: 'Issuer of the tokens that they sign in with, as in the `iss` claim.' }) issuer!: string;
  @Field({ description: 'What the issuer calls them, as in the `sub` claim.' }) subject!: string;
  @Field() name!: string;
  @Field(() => StaffRoleEnum) role!: RoleName;
  @Field(() => [ID], { defaultValue: [], description: 'Channels that they see; leave it empty for owners.' }) channelIds!: string[];
  @Field({ defaultValue: false }) allChannels!: boolean;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class InviteStaffPayload implements StaffPayload {
  @Field(() => StaffType, { nullable: true }) staff!: StaffType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class InviteStaffMutation {
  @Mutation(() => InviteStaffPayload, { description: 'Lets somebody in. Nothing is sent to them: their next sign-in works.' })
  async inviteStaff(@Arg('input', () => InviteStaffInput) input: InviteStaffInput, @Ctx() ctx: GraphContext): Promise<InviteStaffPayload> {
    ctx.viewer.must('access:write');
    const result = await inviteStaff(ctx, { ...input, channelIds: input.channelIds.map((id) => parseId('con', id)) });
    return staffPayload(ctx, result.kind === 'invited' ? result.staffId : '', result);
  }
}
