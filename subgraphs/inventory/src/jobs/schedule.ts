import type { SubgraphDefinition } from '@quanyu/subgraph';
import { sweepStockJob } from './sweep-stock.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => ({
  definitions: [sweepStockJob(deps)],
  schedules: [{ job: 'inventory.sweep-stock', cron: '*/20 * * * * *' }],
});
