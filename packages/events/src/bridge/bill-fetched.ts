import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id, minor } from '../fields.js';

export const billFetched = defineEvent(
  'bridge.bill-fetched.v1',
  { summary: "A payment platform's bill of a day is here, its sums checked; its lines stand with the bridge under its id.", subject: (data) => data.billId },
  z.object({
    billId: id, connectionId: id, platform: z.string(), /** By the platform's own clock. */ day: z.iso.date(), rowCount: z.int().nonnegative(),
    /** What came in, went back and was kept by the platform, for each currency. */
    totals: z.array(z.object({ currency, paidMinor: minor, refundedMinor: minor, feeMinor: minor })),
  }),
);
