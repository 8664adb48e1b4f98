import { refundPaid } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { postRefund } from '../commands/post-refund.js';
import { refundEntry } from '../domain/refund-entry.js';

/** Only of after-sales: an order that was cancelled as a whole is told by its own event, and money that came too late was never booked. */
export const onRefundPaid = on(refundPaid, ({ em, tenantId }, { id, data: { orderId, connectionId, currency, amountMinor, afterSaleId, confirmedAt } }) =>
  (afterSaleId === null || confirmedAt === null ? Promise.resolve() : postRefund(em, tenantId, { orderId, connectionId, sourceEventId: id, kind: 'REFUND_PAID', currency, lines: refundEntry(amountMinor) })));
