import { parcelPacked } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { takePackedParcel } from '../commands/take-packed-parcel.js';

export const onParcelPacked = on(parcelPacked, ({ em }, { data }) => takePackedParcel(em, data));
