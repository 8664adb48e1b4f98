import { answer, parkedEventsOf, replayParkedEventIn, type CallHandler } from '@quanyu/calls';
import type { ParkedEvent, ParkingLot } from '@quanyu/outbox';

const OUR_ID = /^[a-z]{3}_[0-9a-z]{26}$/;

/** Subjects are ids, but those of platforms are in words of theirs: enough of them is left to know them again. */
const maskSubject = (subject: string): string => subject.split('/').map((part) => (OUR_ID.test(part) ? part : `***${part.length > 8 ? part.slice(-4) : ''}`)).join('/');

const shown = (event: ParkedEvent): ParkedEvent => ({ ...event, subject: maskSubject(event.subject) });

/** What every subgraph answers about the events that it could not take in. */
export const parkedEventCalls = (subgraph: string, parking: Pick<ParkingLot, 'list' | 'replay'>): CallHandler[] => [
  answer(parkedEventsOf(subgraph), async ({ tenantId, limit }) => {
    const { events, total } = await parking.list(tenantId, limit);
    return { events: events.map(shown), total };
  }),
  answer(replayParkedEventIn(subgraph), async ({ tenantId, eventId }) => {
    const { replayed, waiting } = await parking.replay(tenantId, eventId);
    return { replayed, waiting: waiting === null ? null : shown(waiting) };
  }),
];
