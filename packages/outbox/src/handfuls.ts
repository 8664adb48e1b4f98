import type { EventEnvelope } from '@quanyu/events';

/**
 * Parts events into what is handled one after the other: those of a subject keep their order, and events of one type
 * that may be handled together stand in one part, each of another subject.
 */
export function* handfuls<Event extends Pick<EventEnvelope, 'type' | 'subject'>>(events: readonly Event[], mayBeTogether: (type: string) => boolean): Generator<Event[]> {
  for (const wave of waves(events)) {
    const parts = new Map<unknown, Event[]>();
    for (const event of wave) {
      const key = mayBeTogether(event.type) ? event.type : event;
      const part = parts.get(key);
      if (part === undefined) parts.set(key, [event]);
      else part.push(event);
    }
    yield* parts.values();
  }
}

/** The first event of each subject, then the second of each, and so on. */
function waves<Event extends Pick<EventEnvelope, 'subject'>>(events: readonly Event[]): Event[][] {
  const seen = new Map<string, number>();
  const found: Event[][] = [];
  for (const event of events) {
    const n = seen.get(event.subject) ?? 0;
    seen.set(event.subject, n + 1);
    (found[n] ??= []).push(event);
  }
  return found;
}
