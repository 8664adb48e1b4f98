import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { log } from '@quanyu/telemetry';
import type { GraphQLError } from 'graphql';
import { refusal } from '../errors.js';
import type { Answer } from '../execute/answer.js';
import type { LiveRequest } from '../sources/live-mark.js';
import { Batch } from './batch.js';
import { isStream } from './map-events.js';
import { Member, type Listener } from './member.js';
import { isBefore, laggedPayload, type Payload } from './payload.js';
import type { LiveEvent, Opened } from './subscribe.js';

/** How a group is fed, and who is told of what becomes of it. */
export interface Feed {
  readonly open: (live: LiveRequest) => Promise<Opened>;
  readonly payloadOf: (event: LiveEvent & { readonly answer: Answer }) => Payload;
  /** Asks for a flush soon. */
  readonly dirty: (group: Group) => void;
  readonly empty: (group: Group) => void;
}

const REOPEN_MILLISECONDS = [50, 200, 1_000, 2_000, 4_000, 8_000];
const MOST_AT_ONCE = 500;
const CATCH_UP_TRIES = 20;

/**
 * All who listen to the same operation with the same variables and rights. Each event runs once and is serialised
 * once. Who joins is first given the present state, or what it missed after its cursor; meanwhile changes wait for it.
 */
export class Group {
  readonly #members = new Set<Member>();
  /** By cursor, '' for the present state: members whose beginning has yet to be read. */
  readonly #joining = new Map<string, Set<Member>>();
  readonly #reading = new Set<string>();
  #pending = new Map<string | number, Payload>();
  #serial = 0;
  #events: AsyncIterableIterator<LiveEvent>;
  /** Where the stream is; undefined for a subgraph that keeps no log. */
  #cursor: string | undefined;
  #flushing = false;
  /** When the last flush began. */
  flushedAt = 0;
  closed = false;

  constructor(private feed: Feed, events: AsyncIterableIterator<LiveEvent>) {
    this.#events = events;
    void this.#pump(events);
  }

  get size(): number { return this.#members.size; }

  /** Adds a listener; answers how it leaves. */
  add(listener: Listener, after: string | undefined): () => void {
    const member = new Member(listener, after);
    this.#members.add(member);
    if (this.#cursor !== undefined) this.#begin(member);
    return () => {
      if (!this.#members.delete(member)) return;
      this.#joining.get(member.after ?? '')?.delete(member);
      if (this.#members.size === 0) this.#close();
    };
  }

  /** Feeds the group from another plan, after the place where it is. What it selects must be the same. */
  async refeed(feed: Feed): Promise<void> {
    const opened = await feed.open({ mode: 'follow', after: this.#cursor });
    if (!isStream(opened)) return this.end(opened.errors ?? []);
    if (this.closed) return void opened.return?.();
    const old = this.#events;
    this.feed = feed;
    this.#events = opened;
    void this.#pump(opened);
    void old.return?.();
  }

  /** Hands what has come since the last flush to every member, a few at a time so that others get their turn. */
  async flush(): Promise<void> {
    if (this.#flushing || this.#pending.size === 0) return;
    this.#flushing = true;
    this.flushedAt = performance.now();
    const batch = new Batch([...this.#pending.values()]);
    this.#pending = new Map();
    let served = 0;
    for (const member of this.#members) {
      member.deliver(batch);
      if ((served += 1) % MOST_AT_ONCE === 0) await nextTurn();
    }
    this.#flushing = false;
    if (this.#pending.size > 0) this.feed.dirty(this);
  }

  /** Ends the stream for all. */
  end(errors: readonly GraphQLError[]): void {
    const members = [...this.#members];
    this.#close();
    for (const member of members) member.listener.end(errors);
  }

  #close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#members.clear();
    this.feed.empty(this);
    void this.#events.return?.();
  }

  async #pump(events: AsyncIterableIterator<LiveEvent>): Promise<void> {
    let broken: unknown;
    try {
      for (let next = await events.next(); next.done !== true; next = await events.next()) {
        if (this.#events !== events) return;
        this.#take(next.value);
      }
    } catch (error) {
      broken = error;
    }
    if (this.closed || this.#events !== events) return;
    if (this.#cursor !== undefined) return this.#reopen();
    await this.flush();
    if (broken !== undefined) log.warn('a live field broke off', { error: broken });
    this.end(broken === undefined ? [] : [refusal('STREAM_INTERRUPTED')]);
  }

  #take({ mark, answer }: LiveEvent): void {
    if (mark !== undefined) {
      const first = this.#cursor === undefined;
      this.#cursor = mark.cursor;
      if (first) for (const member of this.#members) this.#begin(member);
      if (mark.phase === 'lagged') this.#push(laggedPayload(null, mark.cursor));
    }
    if (answer !== null) this.#push(this.feed.payloadOf({ mark, answer }));
  }

  #push(payload: Payload): void {
    const key = payload.key ?? (this.#serial += 1);
    // Within a tick too, only the latest of a level counts.
    this.#pending.delete(key);
    this.#pending.set(key, payload);
    this.feed.dirty(this);
  }

  /** The subgraph ended the stream, or went away: goes on where it stopped. */
  async #reopen(): Promise<void> {
    for (const wait of REOPEN_MILLISECONDS) {
      await sleep(wait, undefined, { ref: false });
      if (this.closed) return;
      try {
        return await this.refeed(this.feed);
      } catch (error) {
        log.warn('a live field could not be opened again', { error });
      }
    }
    this.end([refusal('STREAM_INTERRUPTED')]);
  }

  #begin(member: Member): void {
    member.hold();
    const from = member.after ?? '';
    const joining = this.#joining.get(from) ?? new Set();
    this.#joining.set(from, joining.add(member));
    if (!this.#reading.has(from)) void this.#read(from);
  }

  /** Reads the beginning for those who wait for it: one read at a time, shared by all who came before it. */
  async #read(from: string): Promise<void> {
    this.#reading.add(from);
    await nextTurn();
    for (let members = this.#joining.get(from); members !== undefined && members.size > 0; members = this.#joining.get(from)) {
      this.#joining.delete(from);
      const beginning = await this.#beginning(from === '' ? undefined : from).catch((error: unknown): readonly GraphQLError[] => {
        log.warn('the beginning of a live field could not be read', { error });
        return [refusal('STREAM_INTERRUPTED')];
      });
      for (const member of members) {
        if ('payloads' in beginning) member.begin(beginning.payloads, beginning.end);
        else if (this.#members.delete(member)) member.listener.end(beginning);
      }
    }
    this.#reading.delete(from);
    if (this.#members.size === 0) this.#close();
  }

  async #beginning(from: string | undefined): Promise<{ payloads: Payload[]; end: string } | readonly GraphQLError[]> {
    const payloads: Payload[] = [];
    const reached = this.#cursor ?? '0.0';
    let end = from;
    // Another process of the subgraph may not have read as far as the stream of this group has: then it is asked again.
    for (let tries = 0; tries < CATCH_UP_TRIES; tries += 1) {
      const opened = await this.feed.open({ mode: 'catch-up', after: end });
      if (!isStream(opened)) return opened.errors ?? [];
      for await (const { mark, answer } of opened) {
        if (mark?.phase === 'lagged') payloads.push(laggedPayload(null, mark.cursor));
        if (mark?.phase === 'caught-up') end = mark.cursor;
        if (answer !== null) payloads.push(this.feed.payloadOf({ mark, answer }));
      }
      if (end !== undefined && !isBefore(end, reached)) return { payloads, end };
      await sleep(25 * (tries + 1));
    }
    return [refusal('STREAM_INTERRUPTED')];
  }
}
