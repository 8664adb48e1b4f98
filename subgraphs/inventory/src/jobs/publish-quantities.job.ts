import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { PUBLISH_QUANTITIES } from '../commands/publishing/mark-publish-due.js';
import { publishQuantities } from '../commands/publishing/publish-quantities.js';
import { duePublishing } from '../queries/due-stock-work.js';

export const publishQuantitiesJob = ({ database }: SubgraphDeps): JobDefinition<{ tenantId: string }> => defineJob({
  name: PUBLISH_QUANTITIES,
  payload: z.object({ tenantId: z.string() }),
  // What is left is found due again.
  attempts: 1,
  due: async function* () {
    for await (const batch of duePublishing(database)) yield batch.map(({ tenantId }) => ({ payload: { tenantId }, jobId: tenantId }));
  },
  run: async ({ tenantId }, { signal }) => { await publishQuantities(database, tenantId, signal); },
});
