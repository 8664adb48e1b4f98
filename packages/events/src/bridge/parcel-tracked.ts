import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, instant } from '../fields.js';

/** Where a parcel can be. PROBLEM stands beside its way: it may go on. */
export const TRACK_STATES = ['PICKED_UP', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'PROBLEM', 'RETURNING', 'RETURNED'] as const;

export const parcelTracked = defineEvent(
  'bridge.parcel-tracked.v1',
  { summary: 'A carrier tells where a parcel is. Its words stay outside: they name people and places.', subject: (data) => data.trackingNumber },
  z.object({
    connectionId: id, trackingNumber: z.string().min(4).max(64), state: z.enum(TRACK_STATES),
    /** Of its newest scan, by the carrier's clock, and of its first. */
    at: instant, firstAt: instant,
  }),
);
