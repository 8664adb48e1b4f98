import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { completeDueOrder } from '../commands/life/complete-order.js';
import { dueToComplete, type OrderRef } from '../queries/due-orders.js';

export const completeOrderJob = ({ database }: SubgraphDeps): JobDefinition<OrderRef> => defineJob({
  name: 'orders.complete-order',
  payload: z.object({ tenantId: z.string(), orderId: z.string() }),
  // Nobody waits for it; what is left is found due again.
  priority: 'bulk',
  attempts: 1,
  due: async function* () {
    for await (const batch of dueToComplete(database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.orderId }));
  },
  run: (ref) => completeDueOrder(database, ref),
});
