import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A channel of the bridge; inventory only points to it. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Channel')
export class ChannelStub {
  @Field(() => ID) id!: string;
}
