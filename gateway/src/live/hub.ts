import { newId } from '@quanyu/ids';
import { log } from '@quanyu/telemetry';
import { GraphQLError, type ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import { refusal } from '../errors.js';
import { chooseOperation, type Operation } from '../plan/operation.js';
import type { Prepared } from '../plan/prepare-document.js';
import { presentError } from '../present-error.js';
import type { Supergraph } from '../supergraph.js';
import { Group, type Feed } from './group.js';
import { isStream } from './map-events.js';
import type { Listener } from './member.js';
import { payloadOf } from './payload.js';
import { openEvents } from './subscribe.js';

/** What the hub needs of the gateway. */
export interface HubOptions {
  readonly introspection: boolean;
  /** Parses and validates a document against a supergraph. */
  readonly prepare: (supergraph: Supergraph, source: string) => Prepared;
}

/** A validated subscription of a client. */
export interface Subscribe {
  readonly supergraph: Supergraph;
  readonly operation: Operation;
  readonly context: GatewayContext;
  /** The cursor of the last payload that the client has; without it the stream begins with the present state. */
  readonly after?: string | undefined;
}

/** How a listener leaves its stream. */
export type Leave = () => void;

const LONGEST_TICK_MILLISECONDS = 50;
const MEMBERS_PER_MILLISECOND = 250;

/** Shares streams: each distinct (operation, variables, rights, language) is opened and run once, however many listen. */
export class LiveHub {
  readonly #groups = new Map<string, Promise<Group | ExecutionResult>>();
  readonly #requests = new Map<Group, Subscribe>();
  readonly #dirty = new Set<Group>();

  constructor(private readonly options: HubOptions) {}

  /** How many distinct streams run. */
  get streams(): number { return this.#groups.size; }

  /** How many listen to them. */
  get listeners(): number {
    let count = 0;
    for (const group of this.#requests.keys()) count += group.size;
    return count;
  }

  /** Adds a listener to its stream, which is opened when it is the first; or gives the result that says why not. */
  async join(request: Subscribe, listener: Listener): Promise<Leave | ExecutionResult> {
    const key = keyOf(request);
    for (;;) {
      let opening = this.#groups.get(key);
      if (opening === undefined) this.#groups.set(key, (opening = this.#open(key, request)));
      const group = await opening;
      if (!(group instanceof Group)) return group;
      // It may have lost its last listener since.
      if (!group.closed) return group.add(listener, request.after);
    }
  }

  /** Lets every stream go on with another composition, where its operation still holds there; the others end. */
  async swap(next: Supergraph): Promise<void> {
    await Promise.all([...this.#requests].map(async ([group, request]) => {
      try {
        const { source, operationName, variables } = request.operation;
        const document = this.options.prepare(next, source);
        const operation = 'kind' in document ? chooseOperation(source, document, operationName, variables) : undefined;
        if (operation === undefined || operation instanceof GraphQLError) return group.end([refusal('STREAM_SCHEMA_CHANGED')]);
        const again = { ...request, supergraph: next, operation };
        this.#requests.set(group, again);
        await group.refeed(this.#feed(keyOf(request), again));
      } catch (error) {
        log.warn('a live field could not be planned anew', { error });
        group.end([refusal('STREAM_INTERRUPTED')]);
      }
    }));
  }

  async #open(key: string, first: Subscribe): Promise<Group | ExecutionResult> {
    const forget = (): void => void this.#groups.delete(key);
    // The stream outlives the request that opened it.
    const request = { ...first, context: { ...first.context, requestId: newId('req') } };
    try {
      const feed = this.#feed(key, request);
      const opened = await feed.open({ mode: 'follow' });
      if (isStream(opened)) {
        const group = new Group(feed, opened);
        this.#requests.set(group, request);
        return group;
      }
      forget();
      return opened;
    } catch (error) {
      forget();
      throw error;
    }
  }

  #feed(key: string, { supergraph, operation, context }: Subscribe): Feed {
    return {
      open: (live) => openEvents(supergraph, operation, context, live),
      payloadOf: ({ answer: { data, errors }, mark }) => {
        const audience = { requestId: context.requestId, language: context.language, introspection: this.options.introspection };
        return payloadOf(data, errors.map((error) => presentError(error, audience)), mark);
      },
      dirty: (group) => this.#flushSoon(group),
      empty: (group) => {
        this.#groups.delete(key);
        this.#requests.delete(group);
      },
    };
  }

  /** At once after a pause. The more listen, the longer the next tick: what is saved is one write a client. */
  #flushSoon(group: Group): void {
    if (this.#dirty.has(group)) return;
    this.#dirty.add(group);
    const flush = (): void => {
      this.#dirty.delete(group);
      void group.flush();
    };
    const tick = Math.min(LONGEST_TICK_MILLISECONDS, group.size / MEMBERS_PER_MILLISECOND);
    const left = Math.ceil(tick - (performance.now() - group.flushedAt));
    if (left <= 0) setImmediate(flush);
    else setTimeout(flush, left);
  }
}

function keyOf({ operation: { source, definition, operationName, variables }, context: { viewer, language } }: Subscribe): string {
  // What the operation does not declare has no effect, so it makes no difference.
  const declared = (definition.variableDefinitions ?? []).map(({ variable: { name: { value } } }) => [value, sorted(variables[value])]);
  return JSON.stringify([viewer.rightsKey, language, operationName ?? null, source, declared]);
}

/** One spelling for variables that differ only in the order of their keys. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
};
