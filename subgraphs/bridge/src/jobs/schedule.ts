import type { SubgraphDefinition } from '@quanyu/subgraph';
import { channelEnvironment } from '../environment.js';
import { Shops } from '../outbound/shops.js';
import { forgetDeliveryBodiesJob } from './forget-delivery-bodies.job.js';
import { processDeliveryJob } from './process-delivery.job.js';
import { pullOrdersJob } from './pull-orders.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => ({
  definitions: [processDeliveryJob(deps), forgetDeliveryBodiesJob(deps), pullOrdersJob(deps, new Shops(channelEnvironment()))],
  schedules: [{ job: 'bridge.forget-delivery-bodies', cron: '17 3 * * *' }],
});
