import { z } from 'zod';
import { defineEvent, type EventDefinition } from './define-event.js';
import { id } from './fields.js';

const schema = z.object({ eventId: id, eventType: z.string(), eventSubject: z.string(), attempts: z.int(), reason: z.string() });

type Parked<Owner extends string> = EventDefinition<`${Owner}.event-parked.v1`, typeof schema>;

/** Each consumer has one: an event that it could not take in after all its tries waits for a person. */
const parkedOf = <const Owner extends string>(owner: Owner): Parked<Owner> => defineEvent(
  `${owner}.event-parked.v1`,
  { summary: 'An event could not be taken in after all tries; it and later ones of its subject wait for a replay.', subject: (data) => data.eventId },
  schema,
);

export const eventParked = {
  access: parkedOf('access'), catalog: parkedOf('catalog'), inventory: parkedOf('inventory'), orders: parkedOf('orders'),
  members: parkedOf('members'), tickets: parkedOf('tickets'), finance: parkedOf('finance'), bridge: parkedOf('bridge'),
} as const;
