import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { sweepPublishing } from '../commands/sweep-publishing.js';

export const sweepPublishingJob = (deps: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'inventory.sweep-publishing',
  payload: z.object({}),
  // The next tick is 10 s away: no need to insist.
  attempts: 1,
  run: () => sweepPublishing(deps),
});
