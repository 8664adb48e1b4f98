import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { summariseDays } from '../commands/messages/summarise-day.js';

/** Tells what the bridge did yesterday. */
export const summariseDayJob = ({ database }: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'bridge.summarise-day',
  payload: z.object({}),
  run: () => summariseDays(database),
});
