import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { forgetStockUploads, RUN_STOCK_IMPORT, runStockImport, type ImportRef } from '../commands/counts/run-stock-import.js';
import { dueImports } from '../queries/due-stock-work.js';

export const runStockImportJob = ({ database }: SubgraphDeps): JobDefinition<ImportRef> => defineJob({
  name: RUN_STOCK_IMPORT,
  payload: z.object({ tenantId: z.string(), importId: z.string() }),
  // Orders do not wait behind a file.
  priority: 'bulk',
  due: async function* () {
    for await (const batch of dueImports(database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.importId }));
  },
  run: (ref, { signal }) => runStockImport(database, ref, signal),
});

export const forgetStockUploadsJob = (deps: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'inventory.forget-stock-uploads',
  payload: z.object({}),
  run: () => forgetStockUploads(deps),
});
