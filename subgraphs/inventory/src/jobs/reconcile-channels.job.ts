import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { reconcileFailingChannels } from '../commands/publishing/record-publish-outcome.js';

export const reconcileChannelsJob = (deps: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'inventory.reconcile-channels',
  payload: z.object({}),
  // The next tick is a minute away: no need to insist.
  attempts: 1,
  run: async () => { await reconcileFailingChannels(deps); },
});
