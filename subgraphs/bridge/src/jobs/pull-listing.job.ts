import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { readListing } from '../commands/sync/read-listing.js';
import type { Shops } from '../outbound/shops.js';
import { dueStreams, type StreamRef } from '../queries/due-streams.js';

const KINDS = ['GOODS', 'CUSTOMERS'] as const;
interface Listing extends StreamRef { readonly kind: (typeof KINDS)[number] }

/** Reads what one shop sells, or who has an account there. */
export const pullListingJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<Listing> => defineJob({
  name: 'bridge.pull-listing',
  payload: z.object({ tenantId: z.string(), connectionId: z.string(), kind: z.enum(KINDS) }),
  // The stream keeps its own count of failures and its next time.
  attempts: 1,
  due: async function* () {
    for (const kind of KINDS) for await (const batch of dueStreams(deps.database, kind)) yield batch.map((stream) => ({ payload: { ...stream, kind }, jobId: `list-${kind.toLowerCase()}-${stream.connectionId}` }));
  },
  run: ({ kind, ...stream }) => readListing(deps, shops, stream, kind),
});
