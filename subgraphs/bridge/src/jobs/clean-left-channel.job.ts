import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { cleanLeftChannel } from '../commands/connections/leave-channel.js';
import { leftChannels } from '../queries/left-channels.js';
import type { StreamRef } from '../queries/due-streams.js';

/** Takes away what a channel that was left told us of itself. */
export const cleanLeftChannelJob = (deps: SubgraphDeps): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.clean-left-channel',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  due: async function* () {
    yield (await leftChannels(deps.database)).map((ref) => ({ payload: ref, jobId: `clean-${ref.connectionId}` }));
  },
  run: (ref) => cleanLeftChannel(deps, ref),
});
