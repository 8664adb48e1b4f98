import { refundPaid } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { takeBackPoints } from '../commands/take-back-points.js';

export const onRefundPaid = on(refundPaid, ({ em, tenantId }, { data: { orderId, connectionId, refundId, afterSaleId, amountMinor, refundedBeforeMinor, totalMinor } }) =>
  (afterSaleId === null ? Promise.resolve() : takeBackPoints(em, tenantId, { orderId, connectionId, refundId, amountMinor, refundedBeforeMinor, totalMinor })));
