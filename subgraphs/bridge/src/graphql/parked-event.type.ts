import { DateTime } from '@quanyu/subgraph';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { SUBGRAPH_NAMES, type SubgraphName } from '../queries/parked-events.js';

export const SubgraphNameEnum = Object.fromEntries(SUBGRAPH_NAMES.map((name) => [name.toUpperCase(), name])) as Record<Uppercase<SubgraphName>, SubgraphName>;
registerEnumType(SubgraphNameEnum, { name: 'SubgraphName', description: 'A part of the product that takes in events.' });

const ParkedEventStateEnum = { RETRYING: 'RETRYING', PARKED: 'PARKED' } as const;
registerEnumType(ParkedEventStateEnum, {
  name: 'ParkedEventState',
  valuesConfig: {
    RETRYING: { description: 'Tried again by itself, or waiting for an earlier one of its subject.' },
    PARKED: { description: 'Nobody tries any more; `replayParkedEvent` does.' },
  },
});

@ObjectType('ParkedEvent', { description: 'An event that a subgraph could not take in. What it holds is never shown.' })
export class ParkedEventType {
  @Field(() => SubgraphNameEnum, { description: 'Who could not take it in.' }) subgraph!: SubgraphName;
  @Field(() => ID) eventId!: string;
  @Field({ description: 'Such as `orders.order-placed.v1`.' }) type!: string;
  @Field({ description: 'Who told it.' }) source!: string;
  @Field({ description: 'What it is about: ids of ours; of ids of a platform the last characters. Later events of the same subject wait behind it.' }) subject!: string;
  @Field(() => Int, { description: 'Tries so far; 0 while it only waits for an earlier one of its subject.' }) attempts!: number;
  @Field({ description: 'Name and code of what went wrong, and the field or constraint that it met; never a value.' }) reason!: string;
  @Field(() => ParkedEventStateEnum) state!: keyof typeof ParkedEventStateEnum;
  @Field(() => DateTime, { description: 'When it was put aside.' }) parkedAt!: string;
}

@ObjectType('ParkedEvents', { description: 'A work list that shrinks as it is worked on, gathered from several subgraphs.' })
export class ParkedEventsType {
  @Field(() => [ParkedEventType], { description: 'Failed ones before those that wait behind them, each oldest first.' }) nodes!: readonly ParkedEventType[];
  @Field(() => Int, { description: 'How many wait in all, in the subgraphs that answered.' }) totalCount!: number;
  @Field(() => [SubgraphNameEnum], { description: 'Subgraphs that did not answer: theirs are missing here. Empty when the list is whole.' }) unanswered!: readonly SubgraphName[];
}
