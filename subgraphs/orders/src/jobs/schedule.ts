import type { SubgraphDefinition } from '@quanyu/subgraph';
import { completeOrderJob } from './complete-order.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => ({
  definitions: [completeOrderJob(deps)],
  schedules: [],
});
