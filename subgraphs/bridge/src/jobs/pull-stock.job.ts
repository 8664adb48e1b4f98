import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { pullStock } from '../commands/sync/pull-stock.js';
import type { Shops } from '../outbound/shops.js';
import { dueStreams, type StreamRef } from '../queries/due-streams.js';

/** Reads what one system outside counts. */
export const pullStockJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.pull-stock',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The stream keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    for await (const batch of dueStreams(deps.database, 'STOCK')) yield batch.map((stream) => ({ payload: stream, jobId: `pull-stock-${stream.connectionId}` }));
  },
  run: (stream) => pullStock(deps, shops, stream),
});
