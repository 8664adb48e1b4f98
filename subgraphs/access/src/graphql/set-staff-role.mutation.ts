import { parseId } from '@quanyu/ids';
import type { GraphContext, UserErrorShape } from '@quanyu/subgraph';
import type { RoleName } from '@quanyu/viewer';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { setStaffRole } from '../commands/set-staff-role.js';
import { AccessUserError } from './access-user-error.type.js';
import { staffPayload, type StaffPayload } from './staff-payload.js';
import { StaffRoleEnum, StaffType } from './staff.type.js';

@InputType()
class SetStaffRoleInput {
  @Field(() => ID) staffId!: string;
  @Field(() => StaffRoleEnum) role!: RoleName;
  @Field(() => Int, { nullable: true, description: 'The version that you have seen; refused when it has changed.' }) expectedVersion?: number;
}

@ObjectType()
class SetStaffRolePayload implements StaffPayload {
  @Field(() => StaffType, { nullable: true }) staff!: StaffType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class SetStaffRoleMutation {
  @Mutation(() => SetStaffRolePayload)
  async setStaffRole(@Arg('input', () => SetStaffRoleInput) input: SetStaffRoleInput, @Ctx() ctx: GraphContext): Promise<SetStaffRolePayload> {
    ctx.viewer.must('access:write');
    const staffId = parseId('stf', input.staffId);
    return staffPayload(ctx, staffId, await setStaffRole(ctx, { staffId, role: input.role, expectedVersion: input.expectedVersion ?? null }));
  }
}
