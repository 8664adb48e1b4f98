import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { renewDueToken } from '../commands/connections/renew-token.js';
import type { Shops } from '../outbound/shops.js';
import type { StreamRef } from '../queries/due-streams.js';
import { dueTokens } from '../queries/due-tokens.js';

/** Renews one channel's token ahead of its end. */
export const renewTokenJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<StreamRef> => defineJob({
  name: 'bridge.renew-token',
  payload: z.object({ tenantId: z.string(), connectionId: z.string() }),
  // The row keeps its own next time.
  attempts: 1,
  due: async function* () {
    yield (await dueTokens(deps.database)).map((ref) => ({ payload: ref, jobId: `renew-${ref.connectionId}` }));
  },
  run: (ref) => renewDueToken(deps, shops, ref),
});
