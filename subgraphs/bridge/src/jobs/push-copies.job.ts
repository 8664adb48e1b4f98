import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { PUSH_COPIES } from '../commands/outgoing/plan-copies.js';
import { pushCopies } from '../commands/outgoing/push-copies.js';
import type { Shops } from '../outbound/shops.js';
import { dueCopyLanes } from '../queries/due-copies.js';
import type { StreamRef } from '../queries/due-streams.js';

/** Gives one shop what it is to know of ours: a job of its own, so that no shop holds up another. */
export const pushCopiesJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<StreamRef> => defineJob({
  name: PUSH_COPIES,
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The shop keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    yield (await dueCopyLanes(deps.database)).map((ref) => ({ payload: ref, jobId: `copies-${ref.connectionId}` }));
  },
  run: (ref) => pushCopies(deps, shops, ref),
});
