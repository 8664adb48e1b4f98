import { pointsEarned } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { postFact } from '../commands/post-fact.js';
import { pointsEntry } from '../domain/points-entry.js';

export const onPointsEarned = on(pointsEarned, ({ em, tenantId }, { id, data: { orderId, connectionId, currency, points } }) =>
  postFact(em, { tenantId, orderId, connectionId, fact: 'POINTS_EARNED', sourceEventId: id, currency, lines: pointsEntry(points) }));
