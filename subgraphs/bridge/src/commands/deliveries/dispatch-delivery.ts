import type { SubgraphDeps } from '@quanyu/subgraph';
import { log, withContext } from '@quanyu/telemetry';

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

/** Asks for deliveries that were stored together to be worked on: one job a channel, which takes up all that wait there. */
export async function dispatchDeliveries(jobs: SubgraphDeps['jobs'], deliveries: readonly DeliveryRef[]): Promise<void> {
  const firsts = new Map<string, DeliveryRef>();
  for (const delivery of deliveries) if (!firsts.has(delivery.connectionId)) firsts.set(delivery.connectionId, delivery);
  for (const delivery of firsts.values()) await withContext({ correlationId: delivery.deliveryId }, () => dispatchDelivery(jobs, delivery));
}
