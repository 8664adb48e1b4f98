import { pointsEarned } from '@quanyu/events';
import { onTogether } from '@quanyu/outbox';
import { postFacts } from '../commands/post-facts.js';
import { pointsEntry } from '../domain/points-entry.js';

export const onPointsEarned = onTogether(pointsEarned, ({ em, tenantId, because }, events) => postFacts(em, tenantId, events.map((event) => {
  const { orderId, connectionId, currency, points } = event.data;
  return { orderId, connectionId, fact: 'POINTS_EARNED', sourceEventId: event.id, currency, lines: pointsEntry(points), because: (work) => because(event, work) };
})));
