import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { PUSH_STOCK } from '../commands/outgoing/plan-stock-push.js';
import { pushStock } from '../commands/outgoing/push-stock.js';
import type { Shops } from '../outbound/shops.js';
import { dueLanes } from '../queries/due-figures.js';
import type { StreamRef } from '../queries/due-streams.js';

/** Tells one channel its figures: a job of its own, so that no channel holds up another. */
export const pushStockJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<StreamRef> => defineJob({
  name: PUSH_STOCK,
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The channel keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    yield (await dueLanes(deps.database)).map((ref) => ({ payload: ref, jobId: `stock-${ref.connectionId}` }));
  },
  run: (ref) => pushStock(deps, shops, ref),
});
