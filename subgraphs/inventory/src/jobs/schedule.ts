import type { SubgraphDefinition } from '@quanyu/subgraph';
import { checkDriftJob } from './check-drift.job.js';
import { publishQuantitiesJob } from './publish-quantities.job.js';
import { resumeStockTakesJob } from './resume-stock-takes.job.js';
import { runStockImportJob, sweepStockImportsJob } from './stock-imports.job.js';
import { sweepPublishingJob } from './sweep-publishing.job.js';
import { sweepStockJob } from './sweep-stock.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => ({
  definitions: [sweepStockJob(deps), publishQuantitiesJob(deps), sweepPublishingJob(deps), checkDriftJob(deps), resumeStockTakesJob(deps), runStockImportJob(deps), sweepStockImportsJob(deps)],
  schedules: [
    { job: 'inventory.sweep-stock', cron: '*/20 * * * * *' },
    { job: 'inventory.sweep-publishing', cron: '*/10 * * * * *' },
    { job: 'inventory.resume-stock-takes', cron: '* * * * *' },
    { job: 'inventory.sweep-stock-imports', cron: '* * * * *' },
    // In the small hours of most shops, apart from other nightly work.
    { job: 'inventory.check-drift', cron: '41 2 * * *', timeZone: 'Asia/Shanghai' },
  ],
});
