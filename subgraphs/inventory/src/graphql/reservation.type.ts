import { DateTime } from '@quanyu/subgraph';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { RESERVATION_STATES, type ReservationState } from '../domain/reservation-states.js';

export const ReservationStateEnum = Object.fromEntries(RESERVATION_STATES.map((state) => [state, state])) as Record<ReservationState, ReservationState>;
registerEnumType(ReservationStateEnum, {
  name: 'ReservationState',
  valuesConfig: {
    HELD: { description: 'Counted until its end, or until somebody ends it.' },
    CONFIRMED: { description: 'Paid: no end any more.' },
    CONSUMED: { description: 'Shipped: the goods are gone.' },
    RELEASED: { description: 'Given back.' },
    EXPIRED: { description: 'Its time is up.' },
  },
});

@ObjectType('Reservation', { description: 'What an order, or another caller, holds of stock.' })
export class ReservationType {
  @Field(() => ID) id!: string;
  @Field({ description: "What it is held for: an order's id, or a key of the caller's. One reservation each." }) key!: string;
  @Field({ description: 'MAIN, or the activity that it is held from.' }) bucket!: string;
  @Field(() => DateTime, { nullable: true, description: 'Null: it holds until somebody ends it.' }) expiresAt!: Date | null;
  @Field(() => Boolean, { description: 'Whether it got more time while a payment was in progress; once at most.' }) extended!: boolean;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => DateTime, { nullable: true }) endedAt!: Date | null;
  @Field(() => Int) version!: number;
  stateNow!: ReservationState;
}

@ObjectType('ReservationLine', { description: 'Units held at one stock level.' })
export class ReservationLineType {
  @Field(() => Int) quantity!: number;
  @Field(() => Int, { description: 'Still counted as reserved.' }) open!: number;
  @Field(() => Int, { description: 'Shipped.' }) consumed!: number;
  skuId!: string;
  stockLevelId!: string;
}

@ObjectType('OutsideAcknowledgement', { description: 'A system outside has the order as its own: available figures that it takes from then on leave the order out.' })
export class OutsideAcknowledgementType {
  @Field() externalOrderId!: string;
  @Field(() => DateTime) acknowledgedAt!: string;
  connectionId!: string;
}
