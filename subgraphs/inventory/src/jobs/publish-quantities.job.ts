import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { PUBLISH_QUANTITIES } from '../commands/mark-publish-due.js';
import { publishQuantities } from '../commands/publish-quantities.js';

export const publishQuantitiesJob = ({ database }: SubgraphDeps): JobDefinition<{ tenantId: string }> => defineJob({
  name: PUBLISH_QUANTITIES,
  payload: z.object({ tenantId: z.string() }),
  // The sweep asks again.
  attempts: 1,
  run: async ({ tenantId }, { signal }) => { await publishQuantities(database, tenantId, signal); },
});
