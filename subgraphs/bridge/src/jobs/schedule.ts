import type { SubgraphDefinition } from '@quanyu/subgraph';
import { channelEnvironment, mailSettings, smsSettings } from '../environment.js';
import { smtpMailer } from '../outbound/mailer.js';
import { Shops } from '../outbound/shops.js';
import { aliyunSms } from '../outbound/sms.js';
import { checkDocumentsJob } from './check-documents.job.js';
import { compareGivenOrdersJob } from './compare-given-orders.job.js';
import { checkWebhooksJob } from './check-webhooks.job.js';
import { cleanLeftChannelJob } from './clean-left-channel.job.js';
import { fetchBillsJob } from './fetch-bills.job.js';
import { findSilentChannelsJob } from './find-silent-channels.job.js';
import { firstSyncJob } from './first-sync.job.js';
import { followParcelJob } from './follow-parcel.job.js';
import { forgetDeliveryBodiesJob } from './forget-delivery-bodies.job.js';
import { processDeliveryJob } from './process-delivery.job.js';
import { pullListingJob } from './pull-listing.job.js';
import { pullOrdersJob } from './pull-orders.job.js';
import { pullParcelsJob } from './pull-parcels.job.js';
import { pullStockJob } from './pull-stock.job.js';
import { pushOrderJob } from './push-order.job.js';
import { pushCopiesJob } from './push-copies.job.js';
import { pushParcelJob } from './push-parcel.job.js';
import { pushStockJob } from './push-stock.job.js';
import { renewTokenJob } from './renew-token.job.js';
import { sendBuyerMailJob } from './send-buyer-mail.job.js';
import { sendMessageJob } from './send-message.job.js';
import { summariseDayJob } from './summarise-day.job.js';

export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => {
  const environment = channelEnvironment();
  const shops = new Shops(environment);
  const mail = mailSettings();
  const mailer = mail === null ? null : smtpMailer(mail);
  const account = smsSettings();
  const sms = account === null ? null : aliyunSms(account, shops.lineOf('sms', { rate: { burst: 5, perSecond: 5 } }));
  return {
    definitions: [
      processDeliveryJob(deps, shops), forgetDeliveryBodiesJob(deps), pullOrdersJob(deps, shops), pullListingJob(deps, shops), pullStockJob(deps, shops), pullParcelsJob(deps, shops), compareGivenOrdersJob(deps, shops), renewTokenJob(deps, shops), pushStockJob(deps, shops),
      pushParcelJob(deps, shops), pushOrderJob(deps, shops), followParcelJob(deps, shops, environment.publicUrl), checkWebhooksJob(deps, shops, environment.publicUrl), fetchBillsJob(deps, shops), firstSyncJob(deps, shops, environment.publicUrl),
      sendMessageJob(deps, shops, { mailer, sms }), pushCopiesJob(deps, shops), sendBuyerMailJob(deps, mailer), findSilentChannelsJob(deps), summariseDayJob(deps), checkDocumentsJob(deps), cleanLeftChannelJob(deps),
    ],
    schedules: [{ job: 'bridge.forget-delivery-bodies', cron: '17 3 * * *' }, { job: 'bridge.find-silent-channels', cron: '*/10 * * * *' }, { job: 'bridge.check-documents', cron: '*/10 * * * *' }, { job: 'bridge.summarise-day', cron: '5 9 * * *', timeZone: 'Asia/Shanghai' }],
  };
};
