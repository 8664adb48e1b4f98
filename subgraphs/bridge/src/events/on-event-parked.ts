import { eventParked } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { raiseAlert } from '../commands/alerts.js';

/** One subscription for each subgraph that may park an event. */
export const onEventParked = Object.values(eventParked).map((definition) => on(definition, ({ em, tenantId }, { source, data }) => raiseAlert(em, {
  tenantId, code: 'EVENT_PARKED', subjectKind: 'EVENT', subjectId: data.eventId, connectionId: null,
  params: { consumer: source, eventType: data.eventType, reason: data.reason, attempts: data.attempts },
})));
