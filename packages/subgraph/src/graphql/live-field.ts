import type { EventEnvelope } from '@quanyu/events';
import type { FollowedEvent, LiveFilter } from '@quanyu/outbox';
import type { GraphContext } from '../context.js';
import type { LiveMark } from './live-mark.js';

/** What type-graphql hands to `subscribe`. */
export interface SubscribeInput<Args> { readonly args: Args; readonly context: GraphContext }

/** A live field: the events that it follows, and the state that it begins with. */
export interface LiveField extends Omit<LiveFilter, 'tenantId'> {
  /** Makes it a field of levels: names what an event tells the newest value of. */
  readonly keyOf?: (event: EventEnvelope) => string;
  /** The present state, as the `data` of the events that would tell it; oldest first. */
  readonly current?: () => Promise<readonly object[]>;
}

type Marked = Partial<EventEnvelope> & { readonly live: LiveMark };

/**
 * Makes the `subscribe` of a live field from the filter that its arguments mean. Rights are checked when it opens;
 * the stream ends with its client.
 */
export const follow = <Args>(fieldOf: (args: Args, context: GraphContext) => LiveField) =>
  ({ args, context }: SubscribeInput<Args>): AsyncIterableIterator<Partial<EventEnvelope>> => {
    const field = fieldOf(args, context);
    // Only services work across tenants.
    const { viewer } = context;
    const filter: LiveFilter = { ...field, tenantId: viewer.kind === 'service' ? viewer.claims.tenantId : viewer.tenantId };
    const { live } = context.deps;
    if (context.live === undefined) return live.stream(filter);
    const change = (event: FollowedEvent): Marked => ({ ...event, live: { phase: 'change', cursor: event.cursor, ...keyed(field, event) } });
    const { mode, after } = context.live;

    const current = async (cursor: string): Promise<Marked[]> => (await field.current?.() ?? []).map((data) => {
      const event = { data } as EventEnvelope;
      return { data, live: { phase: 'current', cursor, ...keyed(field, event) } };
    });
    const missed = async (cursor: string): Promise<Marked[]> => {
      const { complete, events, cursor: end } = await live.missed(filter, cursor);
      const items = complete ? events.map(change) : [{ live: { phase: 'lagged', cursor: end } } as Marked, ...await current(end)];
      return [...items, { live: { phase: 'caught-up', cursor: end } }];
    };

    if (mode === 'catch-up') {
      if (after !== undefined) return chain(missed(after));
      const { cursor } = live;
      return chain(current(cursor).then((items) => [...items, { live: { phase: 'caught-up', cursor } }]));
    }
    const stream = live.stream(filter);
    const first = after === undefined ? Promise.resolve([]) : missed(after);
    return chain(first.then((items) => [...items, { live: { phase: 'start', cursor: stream.start } } as Marked]), stream, change);
  };

const keyed = ({ keyOf }: LiveField, event: EventEnvelope): { key?: string } => (keyOf === undefined ? {} : { key: keyOf(event) });

const END = { done: true, value: undefined } as const;

/** The first items, then what a stream tells. Hand-written, so that `return()` frees the stream at once. */
function chain(first: Promise<Marked[]>, rest?: AsyncIterableIterator<FollowedEvent>, step?: (event: FollowedEvent) => Marked): AsyncIterableIterator<Marked> {
  let items: Marked[] | undefined;
  let ended = false;
  // Whoever leaves before the first item shall not leave an unhandled rejection behind.
  first.catch(() => undefined);
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      if (ended) return END;
      try {
        items ??= [...await first];
      } catch (error) {
        await rest?.return?.();
        throw error;
      }
      const item = items.shift();
      if (item !== undefined && !ended) return { done: false, value: item };
      if (rest === undefined || step === undefined || ended) return END;
      const { done, value } = await rest.next();
      return done === true ? END : { done: false, value: step(value) };
    },
    async return() {
      ended = true;
      await rest?.return?.();
      return END;
    },
  };
}
