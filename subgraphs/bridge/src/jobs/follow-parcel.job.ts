import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { FOLLOW_PARCEL, followParcel } from '../commands/outgoing/follow-parcel.js';
import type { Shops } from '../outbound/shops.js';
import { dueFollows, type ParcelRef } from '../queries/due-parcels.js';

/** Asks a platform to tell one parcel's way. */
export const followParcelJob = (deps: SubgraphDeps, shops: Shops, publicUrl: string | null): JobDefinition<ParcelRef> => defineJob({
  name: FOLLOW_PARCEL,
  payload: z.object({ tenantId: z.string(), connectionId: z.string(), parcelId: z.string() }),
  priority: 'bulk',
  attempts: 1,
  due: async function* () {
    yield (await dueFollows(deps.database)).map((ref) => ({ payload: ref, jobId: ref.parcelId }));
  },
  run: (ref) => followParcel(deps, shops, publicUrl, ref),
});
