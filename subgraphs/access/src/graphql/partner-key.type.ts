import { DateTime } from '@quanyu/subgraph';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType('PartnerKey', { description: "A key for a partner's programs." })
export class PartnerKeyType {
  @Field(() => ID) id!: string;
  @Field() name!: string;
  @Field({ description: 'How the key begins; the rest is not kept.' }) prefix!: string;
  @Field(() => [String]) scopes!: string[];
  @Field({ description: "It sees all of the tenant's channels; `channels` is empty then." }) allChannels!: boolean;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'Since when it is refused.' }) revokedAt!: Date | null;
  channelIds!: string[];
}
