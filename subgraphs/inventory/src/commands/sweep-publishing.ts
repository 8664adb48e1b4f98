import type { SubgraphDeps } from '@quanyu/subgraph';
import { askToPublish } from './mark-publish-due.js';
import { reconcileFailingChannels } from './record-publish-outcome.js';

/** Asks again for what should have been published by now: its job was lost with a process, or came to its end a moment too early. */
export async function sweepPublishing(deps: Pick<SubgraphDeps, 'database' | 'jobs'>): Promise<void> {
  await reconcileFailingChannels(deps);
  const { rows } = await deps.database.system.query<{ tenantId: string }>(
    `select tenant_id as "tenantId" from publish_sweep
     union select tenant_id from publish_due where marked_at < app_now() - interval '2 seconds'`);
  await Promise.all(rows.map(({ tenantId }) => askToPublish(deps.jobs, tenantId)));
}
