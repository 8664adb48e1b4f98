import type { SubgraphDefinition } from '@quanyu/subgraph';
import { completeOrderJob } from './complete-order.job.js';
import { fetchWaybillJob } from './fetch-waybill.job.js';
import { closePaymentJob, confirmLatePaymentJob, endSilentAfterSaleJob, endUnpaidOrderJob, finishPlacingJob, giveBackEditHoldJob, retryShortOrderJob, sendRefundJob, warnSendSoonJob } from './own-orders.job.js';
import { forgetExportJob, writeExportJob } from './order-export.job.js';
import { reconcileChannelJob } from './reconcile-channel.job.js';

/** All of them are found due from rows of orders; none has a clock of its own. */
export const jobs: NonNullable<SubgraphDefinition['jobs']> = (deps) => ({
  definitions: [
    completeOrderJob(deps), endUnpaidOrderJob(deps), confirmLatePaymentJob(deps), finishPlacingJob(deps), closePaymentJob(deps), sendRefundJob(deps), endSilentAfterSaleJob(deps),
    giveBackEditHoldJob(deps), writeExportJob(deps), forgetExportJob(deps), reconcileChannelJob(deps), fetchWaybillJob(deps), retryShortOrderJob(deps), warnSendSoonJob(deps),
  ],
  schedules: [],
});
