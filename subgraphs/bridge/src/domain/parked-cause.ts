// A parked event is one cause for each consumer that cannot take it in: two may fail at the same event, and each is mended on its own.

interface ParkedCause {
  readonly code: 'EVENT_PARKED';
  readonly subjectKind: 'EVENT';
  readonly subjectId: string;
  readonly connectionId: null;
  readonly part: string;
  readonly causeId: string;
}

export const parkedCause = (consumer: string, eventId: string): ParkedCause =>
  ({ code: 'EVENT_PARKED', subjectKind: 'EVENT', subjectId: eventId, connectionId: null, part: consumer, causeId: `${consumer} ${eventId}` });
