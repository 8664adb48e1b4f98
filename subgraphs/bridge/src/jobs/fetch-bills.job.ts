import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { fetchBills } from '../commands/sync/fetch-bills.js';
import type { Shops } from '../outbound/shops.js';
import { dueStreams, type StreamRef } from '../queries/due-streams.js';

/** Fetches the bills of one payment platform. */
export const fetchBillsJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.fetch-bills',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The stream keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    for await (const batch of dueStreams(deps.database, 'BILLS')) yield batch.map((stream) => ({ payload: stream, jobId: `bills-${stream.connectionId}` }));
  },
  run: (stream) => fetchBills(deps, shops, stream),
});
