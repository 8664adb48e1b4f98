import { parseId } from '@quanyu/ids';
import type { GraphContext, UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { setStaffChannels } from '../commands/set-staff-channels.js';
import { AccessUserError } from './access-user-error.type.js';
import { staffPayload, type StaffPayload } from './staff-payload.js';
import { StaffType } from './staff.type.js';

@InputType()
class SetStaffChannelsInput {
  @Field(() => ID) staffId!: string;
  @Field(() => [ID], { defaultValue: [], description: 'All channels that they are to see; others are taken away.' }) channelIds!: string[];
  @Field({ defaultValue: false }) allChannels!: boolean;
  @Field(() => Int, { nullable: true, description: 'The version that you have seen; refused when it has changed.' }) expectedVersion?: number;
}

@ObjectType()
class SetStaffChannelsPayload implements StaffPayload {
  @Field(() => StaffType, { nullable: true }) staff!: StaffType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class SetStaffChannelsMutation {
  @Mutation(() => SetStaffChannelsPayload)
  async setStaffChannels(@Arg('input', () => SetStaffChannelsInput) input: SetStaffChannelsInput, @Ctx() ctx: GraphContext): Promise<SetStaffChannelsPayload> {
    ctx.viewer.must('access:write');
    const staffId = parseId('stf', input.staffId);
    const channelIds = input.channelIds.map((id) => parseId('con', id));
    return staffPayload(ctx, staffId, await setStaffChannels(ctx, { staffId, channelIds, allChannels: input.allChannels, expectedVersion: input.expectedVersion ?? null }));
  }
}
