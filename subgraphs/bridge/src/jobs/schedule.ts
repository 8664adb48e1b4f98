import type { SubgraphDefinition } from '@quanyu/subgraph';
import { forgetDeliveryBodiesJob } from './forget-delivery-bodies.job.js';
import { processDeliveryJob } from './process-delivery.job.js';
import { sweepDeliveriesJob } from './sweep-deliveries.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => ({
  definitions: [processDeliveryJob(deps), sweepDeliveriesJob(deps), forgetDeliveryBodiesJob(deps)],
  schedules: [
    { job: 'bridge.sweep-deliveries', cron: '*/10 * * * * *' },
    { job: 'bridge.forget-delivery-bodies', cron: '17 3 * * *' },
  ],
});
