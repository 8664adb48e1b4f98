import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);

/**
 * Gets a tracking number of a carrier. Idempotent by `requestId`: asked again, at any time and after any crash, it is the
 * same number. A receiver whom a channel masks is known to that channel alone, and it issues the number.
 */
export const issueWaybill = defineCall('bridge.issue-waybill', {
  callers: ['orders'],
  input: z.object({
    tenantId: id, requestId: id, orderId: id,
    /** The shop that the order came from. */
    connectionId: id, externalOrderId: z.string().min(1).max(128),
    /** Our code of the carrier: SF, ZTO, YTO, STO, YUNDA, EMS, DEPPON, ... */
    carrier: z.string().regex(/^[A-Z0-9_]{2,32}$/),
    /** Of the order's row and field `shipTo`: opened where the carrier is asked, and nowhere on the way. */
    sealedReceiver: z.string().min(1),
    /** Of the tenant's row and field `sender`. */
    sealedSender: z.string().min(1),
    goods: z.string().max(200), pieces: z.int().positive(), weightGrams: z.int().positive().nullable(),
  }),
  output: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('issued'), trackingNumber: z.string().regex(/^[0-9A-Za-z-]{4,40}$/),
      /** What the carrier's people sort by, in large letters on the label. */
      routeCode: z.string().max(64).nullable(), sortingCode: z.string().max(64).nullable(),
      /** For a print component, of the request's row and field `print`; null where there is none. */
      sealedPrint: z.string().nullable(),
    }),
    z.object({ kind: z.literal('refused'), /** Short, never the carrier's text. */ code: z.string().max(64), retryable: z.boolean() }),
  ]),
});
