import { CurrencyCode, DateTime } from '@quanyu/subgraph';
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType('EarnRate', { description: 'What orders in a currency earn; a currency without a rate earns nothing.' })
export class EarnRateType {
  @Field(() => CurrencyCode) currency!: string;
  @Field(() => Int, { description: 'Points for each major unit: each yuan, each dollar.' }) pointsPerMajor!: number;
  @Field(() => DateTime) updatedAt!: Date;
}
