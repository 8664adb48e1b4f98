import { DateTime, SafeInt } from '@quanyu/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';

/** A channel connection of the bridge; members adds who has an account with it. */
@Directive('@key(fields: "id")')
@ObjectType('Channel')
export class ChannelStub {
  @Field(() => ID) id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Member', { description: 'A buyer as we know them, over all channels.' })
export class MemberType {
  @Field(() => ID) id!: string;
  @Field(() => DateTime) createdAt!: Date;
}

@ObjectType('MemberIdentity', { description: 'How one channel knows a member.' })
export class MemberIdentityType {
  @Field({ description: "The channel's own id of the customer." }) externalId!: string;
  connectionId!: string;
}

@ObjectType('PointsBalance')
export class PointsBalanceType {
  @Field(() => SafeInt, { description: 'Points that the member has: the sum of what remains in their lots.' }) balance!: number;
  @Field(() => Int, { description: 'Grows with each change; of two answers the higher one is newer.' }) version!: number;
  memberId!: string;
}

@ObjectType('PointsLot', { description: 'Points that were earned together and expire together.' })
export class PointsLotType {
  @Field(() => ID) id!: string;
  @Field(() => SafeInt, { description: 'As many as were earned.' }) points!: number;
  @Field(() => SafeInt, { description: 'As many as are left.' }) remaining!: number;
  @Field(() => DateTime) earnedAt!: Date;
  @Field(() => DateTime, { description: "The first instant at which they are no longer valid: a month's end, twelve months on, in the merchant's time zone." }) expiresAt!: Date;
  orderId!: string;
}
