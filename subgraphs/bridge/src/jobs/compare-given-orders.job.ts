import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { compareGivenOrders } from '../commands/outgoing/compare-given-orders.js';
import type { Shops } from '../outbound/shops.js';
import { dueStreams, type StreamRef } from '../queries/due-streams.js';

/** Compares what was given to one system outside with what it has. */
export const compareGivenOrdersJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.compare-given-orders',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The stream keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    for await (const batch of dueStreams(deps.database, 'GIVEN')) yield batch.map((stream) => ({ payload: stream, jobId: `given-${stream.connectionId}` }));
  },
  run: (stream) => compareGivenOrders(deps, shops, stream),
});
