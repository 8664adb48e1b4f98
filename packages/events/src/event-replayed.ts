import { z } from 'zod';
import { defineEvent, type EventDefinition } from './define-event.js';
import { id } from './fields.js';

const schema = z.object({ eventId: id, eventType: z.string() });

type Replayed<Owner extends string> = EventDefinition<`${Owner}.event-replayed.v1`, typeof schema>;

/** Each consumer has one, the end of its `event-parked`: told in the transaction that took the event in after all. */
const replayedOf = <const Owner extends string>(owner: Owner): Replayed<Owner> => defineEvent(
  `${owner}.event-replayed.v1`,
  { summary: 'An event that waited for a person has been taken in; later ones of its subject go on.', subject: (data) => data.eventId },
  schema,
);

export const eventReplayed = {
  access: replayedOf('access'), catalog: replayedOf('catalog'), inventory: replayedOf('inventory'), orders: replayedOf('orders'),
  members: replayedOf('members'), tickets: replayedOf('tickets'), finance: replayedOf('finance'), bridge: replayedOf('bridge'),
} as const;
