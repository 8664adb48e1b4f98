import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { reconcileChannel, type ChannelRef } from '../commands/intake/reconcile-channel.js';
import { dueChannels } from '../queries/due-orders.js';

export const reconcileChannelJob = (deps: SubgraphDeps): JobDefinition<ChannelRef> => defineJob({
  name: 'orders.reconcile-channel',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  priority: 'bulk',
  attempts: 1,
  due: async function* () {
    for await (const batch of dueChannels(deps.database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.connectionId }));
  },
  run: (ref) => reconcileChannel(deps, ref),
});
