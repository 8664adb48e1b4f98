import type { SubgraphDefinition } from '@quanyu/subgraph';
import { channelEnvironment } from '../environment.js';
import { Shops } from '../outbound/shops.js';
import { checkWebhooksJob } from './check-webhooks.job.js';
import { fetchBillsJob } from './fetch-bills.job.js';
import { followParcelJob } from './follow-parcel.job.js';
import { forgetDeliveryBodiesJob } from './forget-delivery-bodies.job.js';
import { processDeliveryJob } from './process-delivery.job.js';
import { pullOrdersJob } from './pull-orders.job.js';
import { pullParcelsJob } from './pull-parcels.job.js';
import { pullStockJob } from './pull-stock.job.js';
import { pushOrderJob } from './push-order.job.js';
import { pushParcelJob } from './push-parcel.job.js';
import { pushStockJob } from './push-stock.job.js';
import { renewTokenJob } from './renew-token.job.js';
import { sendMessageJob } from './send-message.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => {
  const environment = channelEnvironment();
  const shops = new Shops(environment);
  return {
    definitions: [
      processDeliveryJob(deps, shops), forgetDeliveryBodiesJob(deps), pullOrdersJob(deps, shops), pullStockJob(deps, shops), pullParcelsJob(deps, shops), renewTokenJob(deps, shops), pushStockJob(deps, shops),
      pushParcelJob(deps, shops), pushOrderJob(deps, shops), followParcelJob(deps, shops, environment.publicUrl), checkWebhooksJob(deps, shops, environment.publicUrl), fetchBillsJob(deps, shops), sendMessageJob(deps, shops),
    ],
    schedules: [{ job: 'bridge.forget-delivery-bodies', cron: '17 3 * * *' }],
  };
};
