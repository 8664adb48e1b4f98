import { DateTime } from '@quanyu/subgraph';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { OrderLineType } from './order.type.js';

@ObjectType({ description: 'How much of a line a parcel holds.' })
export class ParcelLineType {
  @Field(() => OrderLineType) line!: OrderLineType;
  @Field(() => Int) quantity!: number;
}

@ObjectType({ description: 'What was sent under one tracking number.' })
export class ParcelType {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true, description: 'SF, ZTO, YTO, STO, YUNDA, EMS, DEPPON, ...; null where the channel sent it and did not say.' }) carrier!: string | null;
  @Field(() => String, { nullable: true }) trackingNumber!: string | null;
  @Field(() => String, { nullable: true, description: 'Which of the carrier\'s services, in its own words; null where nobody said.' }) service!: string | null;
  @Field({ description: 'US, or CHANNEL where it told us that it had sent it.' }) shippedBy!: string;
  @Field(() => DateTime) shippedAt!: Date;
  orderId!: string;
}
