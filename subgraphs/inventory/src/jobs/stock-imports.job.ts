import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { RUN_STOCK_IMPORT, runStockImport, sweepStockImports, type ImportRef } from '../commands/run-stock-import.js';

export const runStockImportJob = ({ database }: SubgraphDeps): JobDefinition<ImportRef> => defineJob({
  name: RUN_STOCK_IMPORT,
  payload: z.object({ tenantId: z.string(), importId: z.string() }),
  run: (ref, { signal }) => runStockImport(database, ref, signal),
});

export const sweepStockImportsJob = (deps: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'inventory.sweep-stock-imports',
  payload: z.object({}),
  attempts: 1,
  run: () => sweepStockImports(deps),
});
