import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { checkWebhooks } from '../commands/connections/check-webhooks.js';
import type { Shops } from '../outbound/shops.js';
import { dueStreams, type StreamRef } from '../queries/due-streams.js';

/** Looks whether one platform still pushes to us. */
export const checkWebhooksJob = (deps: SubgraphDeps, shops: Shops, publicUrl: string | null): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.check-webhooks',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The stream keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    for await (const batch of dueStreams(deps.database, 'WEBHOOKS')) yield batch.map((stream) => ({ payload: stream, jobId: `webhooks-${stream.connectionId}` }));
  },
  run: (stream) => checkWebhooks(deps, shops, publicUrl, stream),
});
