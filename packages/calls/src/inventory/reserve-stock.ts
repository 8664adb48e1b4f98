import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);
/** A SKU and how much of it; whole numbers only. */
const line = z.object({ skuId: id, quantity: z.number() });

/** States of a reservation. */
const state = z.enum(['HELD', 'CONFIRMED', 'CONSUMED', 'RELEASED', 'EXPIRED']);

/**
 * Holds all lines of an order or none (or what there is, when asked), and says which are short. Idempotent by `key`: a
 * repeat finds the same reservation; an ask that was short is judged anew. A refusal that is `retryable` may succeed
 * with the same key, and one of them (STOCK_UNAVAILABLE) may even have held it: ask again to know.
 */
export const reserveStock = defineCall('inventory.reserve-stock', {
  callers: ['orders'],
  input: z.object({
    tenantId: id,
    /** The order's id, or another key. */
    key: z.string().min(1).max(128),
    lines: z.array(line),
    /** Minutes until the hold ends by itself. */
    holdMinutes: z.number().default(15),
    inPart: z.boolean().default(false),
    /** The activity whose units are sold; null for everybody's. */
    bucket: z.string().min(1).max(64).nullable().default(null),
    memberId: id.nullable().default(null),
    /** Where the goods go, in the words of the sourcing rules. */
    region: z.string().max(64).nullable().default(null),
  }),
  output: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('held'), reservationId: id, state, expiresAt: z.iso.datetime().nullable(), replay: z.boolean(),
      shortages: z.array(z.object({ skuId: id, asked: z.int(), available: z.int() })),
    }),
    z.object({ kind: z.literal('short'), shortages: z.array(z.object({ skuId: id, asked: z.int(), available: z.int() })) }),
    z.object({
      kind: z.literal('refused'), retryable: z.boolean(),
      code: z.enum([
        'QUANTITY_INVALID', 'LINES_INVALID', 'HOLD_INVALID', 'KEY_REUSED', 'RESERVATION_EXPIRED', 'RESERVATION_ENDED', 'BUCKET_CLOSED', 'MEMBER_LIMIT',
        'SOLD_OUT', 'STOCK_BUSY', 'STOCK_UNAVAILABLE',
      ]),
    }),
  ]),
});
