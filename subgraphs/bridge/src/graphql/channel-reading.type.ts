import { DateTime } from '@quanyu/subgraph';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

const RunStateEnum = { RUNNING: 'RUNNING', DONE: 'DONE', FAILED: 'FAILED', ABANDONED: 'ABANDONED' } as const;
registerEnumType(RunStateEnum, { name: 'ChannelRunState', valuesConfig: { ABANDONED: { description: 'Its process ended; another went on where it was.' } } });

@ObjectType('ChannelRun', { description: 'One reading of a shop.' })
export class ChannelRunType {
  @Field(() => ID) id!: string;
  @Field(() => RunStateEnum) state!: keyof typeof RunStateEnum;
  @Field(() => Int) pages!: number;
  @Field(() => Int, { description: 'Orders that the platform told.' }) orders!: number;
  @Field(() => Int, { description: 'Those of them that were not known in this state.' }) newOrders!: number;
  @Field(() => String, { nullable: true }) errorCode!: string | null;
  @Field(() => DateTime) startedAt!: Date;
  @Field(() => DateTime, { nullable: true }) endedAt!: Date | null;
}

@ObjectType('ChannelReading', { description: 'How far the orders of a shop have been read from its API.' })
export class ChannelReadingType {
  channelId!: string;
  @Field(() => DateTime, { description: 'All that changed before this instant is here.' }) readUntil!: Date;
  @Field() isReading!: boolean;
  @Field(() => DateTime) nextAt!: Date;
  @Field(() => DateTime, { nullable: true }) lastSuccessAt!: Date | null;
  @Field(() => Int, { description: 'Readings that failed since the last success.' }) failures!: number;
  @Field(() => String, { nullable: true, description: 'Why the last one failed; null after a success.' }) lastErrorCode!: string | null;
}
