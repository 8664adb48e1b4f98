import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';

/** A channel of the bridge; the catalog adds what it lists. */
@Directive('@key(fields: "id")')
@ObjectType('Channel')
export class ChannelStub {
  @Field(() => ID) id!: string;
}

@ObjectType('ChannelSku', { description: 'What a channel calls a SKU of ours.' })
export class ChannelSkuType {
  @Field(() => ID) id!: string;
  @Field({ description: "The channel's SKU text, else `variant:<id>`, else `title:<text>`." }) externalSku!: string;
  @Field(() => Int, { description: 'Grows each time the name is given another meaning.' }) version!: number;
  connectionId!: string;
  skuId!: string;
}
