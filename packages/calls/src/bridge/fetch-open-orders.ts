import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);

/** Orders that a channel counts as open, by their ids and when each was changed there; nothing is changed. Old pages by `after`. */
export const fetchOpenOrders = defineCall('bridge.fetch-open-orders', {
  callers: ['orders'],
  input: z.object({ tenantId: id, connectionId: id, /** Younger ones may still be on their way to us. */ changedBefore: z.iso.datetime(), after: z.string().nullable().default(null) }),
  output: z.object({ orders: z.array(z.object({ externalOrderId: z.string().min(1), changedAt: z.iso.datetime() })), next: z.string().nullable() }),
});

/** Has the bridge read orders of a channel again, by the way of any other delivery. Safe to repeat. */
export const readOrdersAgain = defineCall('bridge.read-orders-again', {
  callers: ['orders'],
  input: z.object({ tenantId: id, connectionId: id, externalOrderIds: z.array(z.string().min(1)).min(1).max(250) }),
  output: z.object({ asked: z.int() }),
});
