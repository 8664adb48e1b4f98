import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { PUSH_ORDER } from '../commands/outgoing/plan-outgoing-order.js';
import { pushOrder } from '../commands/outgoing/push-order.js';
import type { Shops } from '../outbound/shops.js';
import { dueOutgoingOrders, type OutgoingRef } from '../queries/due-outgoing-orders.js';

/** Hands one order to a system that ships or counts it, or takes it back. */
export const pushOrderJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<OutgoingRef> => defineJob({
  name: PUSH_ORDER,
  payload: z.object({ tenantId: z.string(), connectionId: z.string(), orderId: z.string() }),
  // The row keeps its own tries and its next time.
  attempts: 1,
  due: async function* () {
    yield (await dueOutgoingOrders(deps.database)).map((ref) => ({ payload: ref, jobId: `${ref.connectionId}-${ref.orderId}` }));
  },
  run: (ref) => pushOrder(deps, shops, ref),
});
