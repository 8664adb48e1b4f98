import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** What orders adds to a channel of the bridge. */
@Directive('@key(fields: "id")')
@ObjectType('Channel')
export class ChannelStub {
  @Field(() => ID) id!: string;
}
