import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { forgetExport, WRITE_EXPORT, writeExport } from '../commands/figures/export-orders.js';
import { dueExports, overExports } from '../queries/due-orders.js';

interface ExportRef { tenantId: string; exportId: string }
const payload = z.object({ tenantId: z.string(), exportId: z.string() });

export const writeExportJob = (deps: SubgraphDeps): JobDefinition<ExportRef> => defineJob({
  name: WRITE_EXPORT, payload, priority: 'bulk', attempts: 1,
  due: async function* () {
    for await (const batch of dueExports(deps.database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.exportId }));
  },
  run: (ref) => writeExport(deps, ref),
});

export const forgetExportJob = ({ database }: SubgraphDeps): JobDefinition<ExportRef> => defineJob({
  name: 'orders.forget-export', payload, priority: 'bulk', attempts: 1,
  due: async function* () {
    for await (const batch of overExports(database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.exportId }));
  },
  run: (ref) => forgetExport(database, ref),
});
