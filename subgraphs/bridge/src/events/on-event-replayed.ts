import { eventReplayed } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { endCause } from '../commands/messages/alerts.js';
import { parkedCause } from '../domain/parked-cause.js';

/** Closes the alert of a parked event that has been taken in, whoever had it replayed. */
export const onEventReplayed = Object.values(eventReplayed).map((definition) => on(definition, ({ em, tenantId }, { source, data }) => endCause(em, {
  tenantId, ...parkedCause(source, data.eventId), params: {},
})));
