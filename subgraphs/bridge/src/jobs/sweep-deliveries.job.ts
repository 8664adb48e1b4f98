import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { sweepDeliveries } from '../commands/sweep-deliveries.js';

export const sweepDeliveriesJob = (deps: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'bridge.sweep-deliveries',
  payload: z.object({}),
  // The next tick is 10 s away: no need to insist.
  attempts: 1,
  run: async () => { await sweepDeliveries(deps); },
});
