import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { PROCESS_DELIVERY, type DeliveryRef } from '../commands/deliveries/dispatch-delivery.js';
import { processWaiting } from '../commands/deliveries/process-delivery.js';
import { MAX_ATTEMPTS } from '../domain/delivery-state.js';
import type { Shops } from '../outbound/shops.js';
import { dueDeliveries } from '../queries/due-deliveries.js';

export const processDeliveryJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<DeliveryRef> => defineJob({
  name: PROCESS_DELIVERY,
  payload: z.object({ deliveryId: z.string(), tenantId: z.string(), connectionId: z.string() }),
  attempts: MAX_ATTEMPTS,
  due: async function* () {
    for await (const batch of dueDeliveries(deps.database)) yield batch.map((delivery) => ({ payload: delivery, jobId: delivery.deliveryId }));
  },
  run: async (delivery) => {
    await deps.doorLoad.untilCalm();
    await processWaiting(deps, delivery, shops);
  },
});
