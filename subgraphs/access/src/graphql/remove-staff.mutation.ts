import { parseId } from '@quanyu/ids';
import type { GraphContext, UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { removeStaff } from '../commands/remove-staff.js';
import { AccessUserError } from './access-user-error.type.js';
import { staffPayload, type StaffPayload } from './staff-payload.js';
import { StaffType } from './staff.type.js';

@InputType()
class RemoveStaffInput {
  @Field(() => ID) staffId!: string;
  @Field(() => Int, { nullable: true, description: 'The version that you have seen; refused when it has changed.' }) expectedVersion?: number;
}

@ObjectType()
class RemoveStaffPayload implements StaffPayload {
  @Field(() => StaffType, { nullable: true }) staff!: StaffType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class RemoveStaffMutation {
  @Mutation(() => RemoveStaffPayload, { description: 'Shuts somebody out; refused for the last owner.' })
  async removeStaff(@Arg('input', () => RemoveStaffInput) input: RemoveStaffInput, @Ctx() ctx: GraphContext): Promise<RemoveStaffPayload> {
    ctx.viewer.must('access:write');
    const staffId = parseId('stf', input.staffId);
    return staffPayload(ctx, staffId, await removeStaff(ctx, { staffId, expectedVersion: input.expectedVersion ?? null }));
  }
}
