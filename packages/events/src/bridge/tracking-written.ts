import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, instant } from '../fields.js';

export const trackingWritten = defineEvent(
  'bridge.tracking-written.v1',
  { summary: "A channel knows a parcel's number: it took it from us, or had it already.", subject: (data) => data.orderId },
  z.object({ connectionId: id, orderId: id, parcelId: id, externalOrderId: z.string().min(1), trackingNumber: z.string().min(1).max(64), writtenAt: instant }),
);
