import { createHash } from 'node:crypto';
import { counter, gauge } from '@quanyu/telemetry';
import { BoundedMap } from '../bounded-map.js';
import type { GatewayContext } from '../context.js';
import type { Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';
import { idsIn, type CachePolicy } from './cache-policy.js';

/** An answer that was kept. */
export interface Kept { readonly data: string; readonly seconds: number; readonly ageSeconds: number }

/** What an answer was asked with: a client's operation, or a fetch of a plan. */
export interface Question extends Pick<Operation, 'source' | 'variables'> { readonly operationName?: string | undefined; /** Of a fetch. */ readonly subgraph?: string }

interface Entry { readonly data: string; /** What it hangs on. */ readonly ids: ReadonlySet<string>; readonly seconds: number; readonly at: number; /** The moment before it was asked for. */ readonly moment: number }

const answers = counter('quanyu_cached_answers_total', 'Queries, and fetches for others, whose answer may be kept: outcome is hit, miss or, while changes cannot be followed, off.', ['kind', 'outcome']);
const bytes = gauge('quanyu_cache_bytes', 'What is kept in memory, by kind.', ['kind']);

const REMEMBERED_CHANGES = 20_000;
const LONGEST_VARIABLES = 10_000;

/**
 * Answers of the graph and of subgraphs that are kept for a while, bounded by their bytes. One is given only while nothing that it holds has been
 * told to have changed: each announced change marks the id with the moment, and an answer knows the moment before it
 * was asked for, so that one which was under way during a change is never given again. While announcements cannot be
 * heard nothing is kept and nothing given.
 */
export class AnswerCache {
  readonly #entries: BoundedMap<string, Entry>;
  readonly #changes = new BoundedMap<string, number>(REMEMBERED_CHANGES);
  readonly #graphs = new WeakMap<Supergraph, number>();
  readonly #unwatch: () => void;
  #moment = 0;
  #listening = false;
  #nextGraph = 0;

  constructor(largestBytes: number, private readonly now: () => number = Date.now) {
    this.#entries = new BoundedMap(largestBytes, Infinity, ({ data, ids }, key) => 2 * (data.length + key.length) + 100 * (ids.size + 1));
    this.#unwatch = bytes.watch({ kind: 'answers' }, () => this.#entries.weight);
  }

  /** Under what an answer is kept; undefined where it is not worth it. Rights are part of it: nobody gets what somebody else may see. */
  keyOf(supergraph: Supergraph, { source, operationName, variables, subgraph }: Question, { viewer, language }: GatewayContext, { personal }: CachePolicy): string | undefined {
    const values = JSON.stringify(variables);
    if (values.length > LONGEST_VARIABLES) return undefined;
    let graph = this.#graphs.get(supergraph);
    if (graph === undefined) this.#graphs.set(supergraph, (graph = this.#nextGraph += 1));
    const whose = personal ? [viewer.kind, viewer.subjectId, viewer.rightsKey] : [viewer.rightsKey];
    return createHash('sha256').update(JSON.stringify([graph, subgraph ?? null, source, operationName ?? null, values, language, ...whose])).digest('base64');
  }

  /** To be asked before the work begins: an answer, or the moment to keep one by. */
  find(key: string, kind: 'query' | 'fetch' = 'query'): Kept | number {
    const entry = this.#listening ? this.#entries.get(key) : undefined;
    const ageSeconds = entry === undefined ? 0 : (this.now() - entry.at) / 1_000;
    if (entry !== undefined && ageSeconds < entry.seconds && [...entry.ids].every((id) => (this.#changes.get(id) ?? 0) <= entry.moment)) {
      answers.add({ kind, outcome: 'hit' });
      return { data: entry.data, seconds: entry.seconds, ageSeconds: Math.max(0, Math.floor(ageSeconds)) };
    }
    answers.add({ kind, outcome: this.#listening ? 'miss' : 'off' });
    return this.#moment;
  }

  /** Keeps an answer for as long as it may be kept and, by what its subgraphs know, holds; tells for how many seconds. */
  keep(key: string, data: string, moment: number, { seconds: most, places, personal, grows, graphs }: CachePolicy, { viewer }: GatewayContext, holdsMs = Infinity): number {
    const seconds = Math.min(most, Math.floor(holdsMs / 1_000));
    if (!this.#listening || moment < this.#oldest || seconds < 1) return 0;
    // What is somebody's own hangs on who that is: it is told when the rights of a subject change. A list hangs on its tenant, which is told with each change.
    const { tenantId, subjectId } = viewer.claims;
    const ids = idsIn(places, JSON.parse(data), new Set([...(personal ? [subjectId] : []), ...(grows && tenantId !== null ? [tenantId] : [])]));
    // Without an id it would be noticed by nobody that there is something now.
    if (ids === undefined || ids.size === 0) return 0;
    this.#entries.set(key, { data, ids: new Set([...ids, ...[...graphs].map((graph) => roomOf(graph, tenantId))]), seconds, at: this.now(), moment });
    return seconds;
  }

  /** A tenant has changed something in a subgraph through this gateway: whoever did shall see it, before it is announced to all. */
  changed(subgraph: string, tenantId: string | null): void {
    this.forget(roomOf(subgraph, tenantId));
  }

  /** Something has changed. */
  forget(id: string): void {
    this.#moment += 1;
    if (this.#changes.get(id) === undefined && this.#changes.count >= REMEMBERED_CHANGES) this.#clear();
    this.#changes.set(id, this.#moment);
  }

  /** From here on each change is told; what was kept before may have changed unheard. */
  listen(): void {
    this.#clear();
    this.#listening = true;
  }

  /** Changes are not told any more. */
  deafen(): void {
    this.#listening = false;
    this.#clear();
  }

  close(): void {
    this.deafen();
    this.#unwatch();
  }

  /** Answers that were asked for before this moment are not kept. */
  #oldest = 0;

  #clear(): void {
    this.#moment += 1;
    this.#oldest = this.#moment;
    this.#entries.clear();
    this.#changes.clear();
  }
}

/** What of a tenant is in a subgraph, under a name that no id has. */
const roomOf = (subgraph: string, tenantId: string | null): string => `${subgraph} ${tenantId ?? ''}`;
