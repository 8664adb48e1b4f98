import { parcelTracked } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { takeTrack } from '../commands/shipping/take-track.js';

export const onParcelTracked = on(parcelTracked, ({ em, tenantId }, { data }) => takeTrack(em, tenantId, data));
