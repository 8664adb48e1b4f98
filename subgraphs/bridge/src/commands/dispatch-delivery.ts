import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';

export interface DeliveryRef { readonly deliveryId: string; readonly tenantId: string; readonly connectionId: string }

export const PROCESS_DELIVERY = 'bridge.process-delivery';

/** Asks for a stored delivery to be worked on. Never fails: the row is the truth, and the sweep finds what was not asked for. */
export async function dispatchDelivery(jobs: SubgraphDeps['jobs'], delivery: DeliveryRef): Promise<void> {
  try {
    await jobs.enqueue(PROCESS_DELIVERY, { ...delivery }, { jobId: delivery.deliveryId });
  } catch (error) {
    log.warn('delivery waits for the sweep', { ...delivery, error });
  }
}
