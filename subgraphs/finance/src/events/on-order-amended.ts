import { orderAmended } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { postRefund } from '../commands/post-refund.js';
import { amendmentEntry } from '../domain/amendment-entry.js';

export const onOrderAmended = on(orderAmended, ({ em, tenantId }, { id, data: { orderId, connectionId, currency, beforeMinor, afterMinor } }) =>
  postRefund(em, tenantId, { orderId, connectionId, sourceEventId: id, kind: 'ORDER_AMENDED', currency, lines: amendmentEntry({ beforeMinor, afterMinor }) }));
