import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { pullOrders } from '../commands/sync/pull-orders.js';
import type { Shops } from '../outbound/shops.js';
import { dueStreams, type StreamRef } from '../queries/due-streams.js';

/** Reads one shop: a job of its own, so that no shop holds up another. */
export const pullOrdersJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.pull-orders',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The stream keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    for await (const batch of dueStreams(deps.database)) yield batch.map((stream) => ({ payload: stream, jobId: `pull-${stream.connectionId}` }));
  },
  run: (stream) => pullOrders(deps, shops, stream),
});
