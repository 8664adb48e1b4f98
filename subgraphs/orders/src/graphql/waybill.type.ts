import { DateTime } from '@quanyu/subgraph';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { TRACK_STATES, type TrackState } from '../domain/parcel-track.js';
import { WAYBILL_STATES, type WaybillState } from '../domain/waybill.js';
import { enumOf } from './order.type.js';

const WaybillStateEnum = enumOf(WAYBILL_STATES);
registerEnumType(WaybillStateEnum, {
  name: 'WaybillState',
  valuesConfig: {
    WANTED: { description: 'The carrier is asked for a number.' }, ISSUED: { description: 'Has its number, and can be printed.' }, FAILED: { description: 'The carrier said no; `failureCode` says why.' },
    SHIPPED: { description: 'Its parcel was sent.' }, VOID: { description: 'Given up: its number is not used.' },
  },
});

@ObjectType('Waybill', { description: 'A number of a carrier for a parcel that is to be sent, and its label.' })
export class WaybillType {
  @Field(() => ID) id!: string;
  @Field({ description: 'SF, ZTO, YTO, STO, YUNDA, EMS, DEPPON, ...' }) carrier!: string;
  @Field(() => WaybillStateEnum) state!: WaybillState;
  @Field(() => String, { nullable: true }) trackingNumber!: string | null;
  @Field(() => String, { nullable: true, description: "What the carrier's people sort by." }) routeCode!: string | null;
  @Field(() => String, { nullable: true, description: "The platform's code where it can be shown, else one of ours: NO_CARRIER_ACCOUNT, MASKED_RECEIVER, UNCERTAIN, ..." }) failureCode!: string | null;
  @Field(() => DateTime, { nullable: true }) issuedAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When its label was printed first.' }) printedAt!: Date | null;
  @Field(() => Int) printCount!: number;
  orderId!: string;
  sealedPrint!: string | null;
}

const TrackStateEnum = enumOf(TRACK_STATES);
registerEnumType(TrackStateEnum, { name: 'TrackState', description: 'Where a parcel is; it only goes forward.' });

@ObjectType({ description: 'Where a carrier says that a parcel is.' })
export class ParcelTrackType {
  @Field(() => TrackStateEnum) state!: TrackState;
  @Field({ description: 'Something hinders it just now.' }) problem!: boolean;
  @Field(() => DateTime, { description: "Of its newest scan, by the carrier's clock." }) scannedAt!: Date;
  @Field(() => DateTime) firstScanAt!: Date;
  @Field(() => DateTime, { nullable: true }) deliveredAt!: Date | null;
}
