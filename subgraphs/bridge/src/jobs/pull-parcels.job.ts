import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { pullParcels } from '../commands/sync/pull-parcels.js';
import type { Shops } from '../outbound/shops.js';
import { dueStreams, type StreamRef } from '../queries/due-streams.js';

/** Reads what one system outside has packed. */
export const pullParcelsJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.pull-parcels',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The stream keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    for await (const batch of dueStreams(deps.database, 'PARCELS')) yield batch.map((stream) => ({ payload: stream, jobId: `pull-parcels-${stream.connectionId}` }));
  },
  run: (stream) => pullParcels(deps, shops, stream),
});
