import { eventParked } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { raiseAlert } from '../commands/messages/alerts.js';
import { parkedCause } from '../domain/parked-cause.js';

/** One subscription for each subgraph that may park an event. */
export const onEventParked = Object.values(eventParked).map((definition) => on(definition, ({ em, tenantId }, { source, data }) => raiseAlert(em, {
  tenantId, ...parkedCause(source, data.eventId),
  params: { consumer: source, eventType: data.eventType, reason: data.reason, attempts: data.attempts },
})));
