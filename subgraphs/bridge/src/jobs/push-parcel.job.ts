import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { PUSH_PARCEL } from '../commands/outgoing/plan-parcel-push.js';
import { pushParcel } from '../commands/outgoing/push-parcel.js';
import type { Shops } from '../outbound/shops.js';
import { dueParcels, type ParcelRef } from '../queries/due-parcels.js';

/** Tells a channel of one parcel. */
export const pushParcelJob = (deps: SubgraphDeps, shops: Shops): JobDefinition<ParcelRef> => defineJob({
  name: PUSH_PARCEL,
  payload: z.object({ tenantId: z.string(), connectionId: z.string(), parcelId: z.string() }),
  // The row keeps its own tries and its next time.
  attempts: 1,
  due: async function* () {
    yield (await dueParcels(deps.database)).map((ref) => ({ payload: ref, jobId: ref.parcelId }));
  },
  run: (ref) => pushParcel(deps, shops, ref),
});
