import { pointsTakenBack } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { postRefund } from '../commands/post-refund.js';
import { pointsTakenBackEntry } from '../domain/refund-entry.js';

export const onPointsTakenBack = on(pointsTakenBack, ({ em, tenantId }, { id, data: { orderId, connectionId, currency, points } }) =>
  postRefund(em, tenantId, { orderId, connectionId, sourceEventId: id, kind: 'POINTS_TAKEN_BACK', currency, lines: pointsTakenBackEntry(points) }));
