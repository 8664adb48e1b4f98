import type { SubgraphDeps } from '@quanyu/subgraph';
import { dispatchDelivery } from './dispatch-delivery.js';

const BATCH = 500;

/**
 * Asks again for deliveries that should have been worked on by now: their job was lost with a process, or could not be
 * asked for. Those that wait in the queue all the same are not asked for twice, the queue sees to that.
 */
export async function sweepDeliveries({ database, jobs }: Pick<SubgraphDeps, 'database' | 'jobs'>): Promise<number> {
  const { rows } = await database.system.query<{ deliveryId: string; tenantId: string; connectionId: string }>(
    `select id as "deliveryId", tenant_id as "tenantId", connection_id as "connectionId" from delivery
     where (state = 'RECEIVED' and changed_at < app_now() - interval '5 seconds')
        or (state = 'PROCESSING' and changed_at < app_now() - interval '30 seconds')
        or (state = 'FAILED' and changed_at < app_now() - interval '60 seconds')
     order by changed_at limit ${BATCH}`);
  await Promise.all(rows.map((row) => dispatchDelivery(jobs, row)));
  return rows.length;
}
