import { pointsReversed } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { reverseFact } from '../commands/post-facts.js';

export const onPointsReversed = on(pointsReversed, ({ em, tenantId }, { id, data }) =>
  reverseFact(em, { tenantId, orderId: data.orderId, fact: 'POINTS_EARNED', sourceEventId: id }));
