import type { SubgraphDefinition } from '@quanyu/subgraph';
import { checkDriftJob } from './check-drift.job.js';
import { publishQuantitiesJob } from './publish-quantities.job.js';
import { reconcileChannelsJob } from './reconcile-channels.job.js';
import { resumeStockTakesJob } from './resume-stock-takes.job.js';
import { forgetStockUploadsJob, runStockImportJob } from './stock-imports.job.js';
import { sweepStockJob } from './sweep-stock.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => ({
  definitions: [sweepStockJob(deps), publishQuantitiesJob(deps), reconcileChannelsJob(deps), checkDriftJob(deps), resumeStockTakesJob(deps), runStockImportJob(deps), forgetStockUploadsJob(deps)],
  schedules: [
    { job: 'inventory.sweep-stock', cron: '*/20 * * * * *' },
    { job: 'inventory.reconcile-channels', cron: '* * * * *' },
    { job: 'inventory.resume-stock-takes', cron: '* * * * *' },
    { job: 'inventory.forget-stock-uploads', cron: '23 * * * *' },
    // In the small hours of most shops, apart from other nightly work.
    { job: 'inventory.check-drift', cron: '41 2 * * *', timeZone: 'Asia/Shanghai' },
  ],
});
