import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { resumeStockTakes } from '../commands/counts/apply-stock-take.js';

export const resumeStockTakesJob = ({ database }: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'inventory.resume-stock-takes',
  payload: z.object({}),
  attempts: 1,
  run: () => resumeStockTakes(database),
});
