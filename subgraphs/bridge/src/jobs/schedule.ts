import type { SubgraphDefinition } from '@quanyu/subgraph';
import { forgetDeliveryBodiesJob } from './forget-delivery-bodies.job.js';
import { processDeliveryJob } from './process-delivery.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => ({
  definitions: [processDeliveryJob(deps), forgetDeliveryBodiesJob(deps)],
  schedules: [{ job: 'bridge.forget-delivery-bodies', cron: '17 3 * * *' }],
});
