import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { runFirstSync } from '../commands/sync/run-first-sync.js';
import type { Shops } from '../outbound/shops.js';
import type { StreamRef } from '../queries/due-streams.js';
import { dueFirstSyncs } from '../queries/first-sync.js';

/** Goes on with the first reading of one shop. */
export const firstSyncJob = (deps: SubgraphDeps, shops: Shops, publicUrl: string | null): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.first-sync',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The row keeps its own tries and its next time.
  attempts: 1,
  due: async function* () {
    yield (await dueFirstSyncs(deps.database)).map((ref) => ({ payload: ref, jobId: `first-${ref.connectionId}` }));
  },
  run: (ref) => runFirstSync(deps, shops, publicUrl, ref),
});
