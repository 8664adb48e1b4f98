import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';

export interface DeliveryRef { readonly deliveryId: string; readonly tenantId: string; readonly connectionId: string }

export const PROCESS_DELIVERY = 'bridge.process-delivery';

/** Of a crowd so many get a job of their own at once: the rest is found from its rows within seconds, by one statement for hundreds. */
const AT_ONCE = 8;

/** Asks for a stored delivery to be worked on. Never fails: the row is the truth, and the sweep finds what was not asked for. */
export async function dispatchDelivery(jobs: SubgraphDeps['jobs'], delivery: DeliveryRef): Promise<void> {
  try {
    await jobs.enqueue(PROCESS_DELIVERY, { ...delivery }, { jobId: delivery.deliveryId });
  } catch (error) {
    log.warn('delivery waits for the sweep', { ...delivery, error });
  }
}

export async function dispatchDeliveries(jobs: SubgraphDeps['jobs'], deliveries: readonly DeliveryRef[]): Promise<void> {
  // Each job and all that follows are told by its own delivery, whichever request came with it.
  for (const delivery of deliveries.slice(0, AT_ONCE)) await withContext({ correlationId: delivery.deliveryId }, () => dispatchDelivery(jobs, delivery));
}
