import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { checkDrift } from '../commands/watching/check-drift.js';

export const checkDriftJob = ({ database }: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'inventory.check-drift',
  payload: z.object({}),
  run: async (_payload, { signal }) => { await checkDrift(database, signal); },
});
