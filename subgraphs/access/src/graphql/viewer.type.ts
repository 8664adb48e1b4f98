import type { ViewerClaims } from '@quanyu/viewer';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ChannelStub } from './channel.stub.js';

export const ViewerKindEnum = { STAFF: 'staff', MEMBER: 'member', PARTNER: 'partner', SERVICE: 'service' } as const;
registerEnumType(ViewerKindEnum, {
  name: 'ViewerKind',
  valuesConfig: {
    STAFF: { description: 'Somebody who works for the tenant.' },
    MEMBER: { description: 'A customer.' },
    PARTNER: { description: 'The holder of a partner key.' },
    SERVICE: { description: 'A part of this system.' },
  },
});

@ObjectType('Viewer', { description: 'Who is asking.' })
export class ViewerType {
  @Field(() => ViewerKindEnum) kind!: Exclude<ViewerClaims['kind'], 'anonymous'>;
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true }) name!: string | null;
  @Field(() => [String], { description: 'What you may do, as `<area>:<verb>`.' }) scopes!: readonly string[];
  @Field({ description: "You see all of the tenant's channels; `channels` is empty then." }) allChannels!: boolean;
  @Field(() => [ChannelStub]) channels!: readonly ChannelStub[];
}
