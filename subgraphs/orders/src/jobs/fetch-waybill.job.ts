import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { fetchWaybill, type WaybillRef } from '../commands/shipping/fetch-waybill.js';
import { FETCH_WAYBILL } from '../commands/shipping/request-waybills.js';
import { dueWaybills } from '../queries/due-orders.js';

/** Gets the number of one waybill: somebody stands at the printer. */
export const fetchWaybillJob = (deps: SubgraphDeps): JobDefinition<WaybillRef> => defineJob({
  name: FETCH_WAYBILL,
  payload: z.object({ tenantId: z.string(), waybillId: z.string() }),
  attempts: 1,
  due: async function* () {
    for await (const batch of dueWaybills(deps.database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.waybillId }));
  },
  run: (ref) => fetchWaybill(deps, ref),
});
