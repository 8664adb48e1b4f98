import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { findSilentChannels } from '../commands/messages/find-silent-channels.js';

/** Looks for channels that have gone silent. */
export const findSilentChannelsJob = ({ database }: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'bridge.find-silent-channels',
  payload: z.object({}),
  run: () => findSilentChannels(database),
});
