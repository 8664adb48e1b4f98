import { pointsAdded } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { postRefund } from '../commands/post-refund.js';
import { pointsEntry } from '../domain/points-entry.js';

export const onPointsAdded = on(pointsAdded, ({ em, tenantId }, { id, data: { orderId, connectionId, currency, points } }) =>
  postRefund(em, tenantId, { orderId, connectionId, sourceEventId: id, kind: 'POINTS_ADDED', currency, lines: pointsEntry(points) }));
