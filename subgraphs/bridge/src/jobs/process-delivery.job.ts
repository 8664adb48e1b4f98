import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { PROCESS_DELIVERY, type DeliveryRef } from '../commands/dispatch-delivery.js';
import { processDelivery } from '../commands/process-delivery.js';
import { MAX_ATTEMPTS } from '../domain/delivery-state.js';

export const processDeliveryJob = (deps: SubgraphDeps): JobDefinition<DeliveryRef> => defineJob({
  name: PROCESS_DELIVERY,
  payload: z.object({ deliveryId: z.string(), tenantId: z.string(), connectionId: z.string() }),
  attempts: MAX_ATTEMPTS,
  run: (delivery) => processDelivery(deps, delivery),
});
