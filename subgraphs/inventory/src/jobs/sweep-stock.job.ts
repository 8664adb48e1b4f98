import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { returnEndedBuckets, sweepLapsed } from '../commands/holds/sweep-stock.js';

export const sweepStockJob = ({ database }: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'inventory.sweep-stock',
  payload: z.object({}),
  // The next tick is 20 s away: no need to insist.
  attempts: 1,
  run: async () => {
    await sweepLapsed(database);
    await returnEndedBuckets(database);
  },
});
