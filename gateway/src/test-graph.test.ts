// The graph of the gateway's tests: a shop of three subgraphs. It ends in .test.ts because its tools are no part of
// the product; the one test below runs again in each file that imports it.
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { expect, it } from '@jest/globals';
import { AccessError, Viewer, type ViewerClaims } from '@quanyu/viewer';
import { GraphQLError, GraphQLScalarType, parse } from 'graphql';
import type { Authenticator } from './authenticator.js';
import type { GatewayContext } from './context.js';
import { refusal } from './errors.js';
import { createGateway, type GatewayOptions, type RunningGateway } from './gateway.js';
import { inProcessSource } from './sources/in-process.js';
import type { LiveRequest } from './sources/live-mark.js';
import type { Patience, SubgraphRequest, SubgraphSource } from './sources/source.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires"])\n';

const TYPES = {
  catalog: `
    scalar Day
    type Product @key(fields: "id") { id: ID! name: String! cents: Int! parts: [Product!]! }
    type Query { product(id: ID!): Product products: [Product!]! since(day: Day!): String }
    type Mutation { rename(id: ID!, name: String!): Product }`,
  stock: `
    type Product @key(fields: "id") { id: ID! available: Int shelf: String! }
    type Change { product: Product! left: Int note: String strict: Int! }
    type Subscription { changed(id: ID): Change failing: Change broken: Change told: Change level: Change }
    type Query { slow: String }`,
  people: `
    enum Mood { GOOD BAD }
    type Query { me: String mood(is: Mood): String closed: String crash: String coded: String }
    type Product @key(fields: "id") { id: ID! buyer: String }`,
};

const PRODUCTS = [{ id: '1', name: 'Tea', cents: 1999 }, { id: '2', name: 'Cup', cents: 500 }, { id: '3', name: 'Pot', cents: 4200 }];
const product = (id: string) => PRODUCTS.find((candidate) => candidate.id === id);

export interface Change { product: { id: string }; left?: number | null; note?: string | Error; strict?: number | null }

/** Events in hand-written iterators, so that the listeners which are left can be counted. */
export class Feed {
  readonly #listeners = new Set<(event: unknown) => void>();
  readonly #ends = new Set<() => void>();
  get listeners(): number { return this.#listeners.size; }
  send(event: Change | null): void { for (const listener of this.#listeners) listener({ changed: event }); }
  /** Ends every stream, as a subgraph that goes away. */
  end(): void { for (const end of this.#ends) end(); }

  listen(): AsyncIterableIterator<unknown> {
    const waiting: unknown[] = [];
    let wake: (() => void) | undefined;
    let open = true;
    const listener = (event: unknown): void => { waiting.push(event); wake?.(); };
    this.#listeners.add(listener);
    const close = (): void => { open = false; this.#listeners.delete(listener); this.#ends.delete(close); wake?.(); };
    this.#ends.add(close);
    return {
      [Symbol.asyncIterator]() { return this; },
      next: async () => {
        while (open && waiting.length === 0) await new Promise<void>((resolve) => { wake = resolve; });
        return open ? { done: false, value: waiting.shift() } : { done: true, value: undefined };
      },
      return: async () => { close(); return { done: true, value: undefined }; },
    };
  }
}

/** A subgraph's log as the gateway sees it: changes have places, and whoever comes back gets what it missed. */
export class Journal {
  readonly #entries: { place: number; event: Change }[] = [];
  readonly #streams = new Set<(item: unknown) => void>();
  /** How often somebody asked for the beginning. */
  readonly catchUps: (string | undefined)[] = [];
  keepsFrom = 0;
  get listeners(): number { return this.#streams.size; }

  tell(event: Change): void {
    const entry = { place: this.#entries.length + 1, event };
    this.#entries.push(entry);
    for (const stream of this.#streams) stream(entry);
  }

  /** Ends every stream, as a subgraph that goes away. */
  cut(): void { for (const stream of this.#streams) stream(null); }

  open(field: string, live: LiveRequest | undefined, levels: boolean): AsyncIterableIterator<unknown> {
    const keyed = (event: Change) => (levels ? { key: event.product.id } : {});
    const change = ({ place, event }: { place: number; event: Change }) => ({ [field]: event, live: { phase: 'change', cursor: `1.${place}`, ...keyed(event) } });
    const now = this.#entries.length;
    const mark = (phase: string) => ({ live: { phase, cursor: `1.${now}` } });
    const state = () => [...new Map(this.#entries.map(({ event }) => [event.product.id, event])).values()]
      .map((event) => ({ [field]: event, live: { phase: 'current', cursor: `1.${now}`, ...keyed(event) } }));
    const after = live?.after === undefined ? undefined : Number(live.after.slice(2));
    const missed = () => (after! < this.keepsFrom ? [mark('lagged'), ...state()] : this.#entries.slice(after).map(change));
    if (live?.mode === 'catch-up') this.catchUps.push(live.after);
    const first: unknown[] = live?.mode === 'catch-up'
      ? [...(after === undefined ? state() : missed()), mark('caught-up')]
      : [...(after === undefined ? [] : missed()), mark('start')];
    const waiting = first;
    let open = true;
    let wake: (() => void) | undefined;
    const stream = (entry: unknown): void => {
      if (entry === null) open = false;
      else waiting.push(change(entry as { place: number; event: Change }));
      wake?.();
    };
    if (live?.mode !== 'catch-up') this.#streams.add(stream);
    const end = (): void => { open = false; this.#streams.delete(stream); wake?.(); };
    return {
      [Symbol.asyncIterator]() { return this; },
      next: async () => {
        while (open && waiting.length === 0 && live?.mode !== 'catch-up') await new Promise<void>((resolve) => { wake = resolve; });
        if (!open || waiting.length === 0) { end(); return { done: true, value: undefined }; }
        return { done: false, value: waiting.shift() };
      },
      return: async () => { end(); return { done: true, value: undefined }; },
    };
  }
}

const entities = (one: (id: string) => unknown) => ({ __resolveReference: ({ id }: { id: string }) => one(id) });

const resolversOf = (feed: Feed, journal: Journal, gate: Promise<void>) => ({
  catalog: {
    Day: new GraphQLScalarType({ name: 'Day', parseValue: day, parseLiteral: (node) => day('value' in node ? node.value : null) }),
    Query: { product: (_: unknown, { id }: { id: string }) => product(id), products: () => PRODUCTS, since: (_: unknown, args: { day: string }) => args.day },
    Mutation: { rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ ...product(id), name }) },
    Product: { ...entities(product), parts: () => PRODUCTS.slice(0, 1) },
  },
  stock: {
    Query: { slow: async () => { await gate; return 'done'; } },
    Product: {
      ...entities((id) => ({ id })),
      available: ({ id }: { id: string }) => Number(id) * 10,
      shelf: ({ id }: { id: string }) => { if (id === '3') throw new Error('relation "shelf" does not exist at 10.0.0.7'); return `shelf ${id}`; },
    },
    Change: { strict: (change: Change) => change.strict === undefined ? 1 : change.strict, note: ({ note }: Change) => { if (note instanceof Error) throw note; return note; } },
    Subscription: {
      changed: { subscribe: () => feed.listen() },
      failing: { subscribe: () => { throw new AccessError('FORBIDDEN', 'inventory:read'); } },
      told: { subscribe: (_: unknown, __: unknown, { live }: GatewayContext) => journal.open('told', live, false) },
      level: { subscribe: (_: unknown, __: unknown, { live }: GatewayContext) => journal.open('level', live, true) },
      broken: { subscribe: () => { throw new Error('password authentication failed for user "stock_app"'); } },
    },
  },
  people: {
    Query: {
      me: (_: unknown, __: unknown, { viewer }: GatewayContext) => viewer.subjectId,
      mood: (_: unknown, { is }: { is: string }) => is,
      closed: (_: unknown, __: unknown, { viewer }: GatewayContext) => { viewer.must('finance:read'); return 'open'; },
      crash: () => { throw new Error('insert into "people"."ledger" failed: 13812341234'); },
      coded: () => { throw new GraphQLError('select * from ledger', { extensions: { code: 'SQL_FAILED', serviceName: 'people', url: 'http://10.0.0.7' } }); },
    },
    Product: { ...entities((id) => ({ id })), buyer: ({ id }: { id: string }) => `buyer ${id}` },
  },
});

function day(value: unknown): string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) throw new TypeError('a day looks like 2026-01-31');
  return value;
}

type Name = keyof typeof TYPES;
const NAMES = Object.keys(TYPES) as Name[];

export function composeShop(change: Partial<Record<Name, string>> = {}): string {
  const services = NAMES.map((name) => ({ name, url: `http://${name}.internal`, typeDefs: parse(LINK + (change[name] ?? TYPES[name])) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  return supergraphSdl;
}

export interface Shop {
  readonly gateway: RunningGateway;
  readonly feed: Feed;
  readonly journal: Journal;
  readonly sources: readonly SubgraphSource[];
  /** What was sent to subgraphs, in order. */
  readonly fetches: (SubgraphRequest & { readonly subgraph: string })[];
  /** How long each of them is waited for. */
  readonly patiences: Patience[];
  /** Lets `Query.slow` answer. */
  readonly open: () => void;
}

const STAFF: ViewerClaims = { kind: 'staff', tenantId: 'ten_1', subjectId: 'stf_1', scopes: ['orders:read'], channels: 'all' };

/** Takes `Bearer good` for a staff member, `Bearer short` for one whose token ends in 300 ms, and the key `key`. */
export const doorkeeper: Authenticator = {
  async authenticate({ authorization, apiKey }) {
    const staff = new Viewer(STAFF);
    if (!authorization && !apiKey) return { viewer: Viewer.anonymous, expiresAt: null };
    if (authorization === 'Bearer good' || apiKey === 'key') return { viewer: staff, expiresAt: null };
    if (authorization === 'Bearer other') return { viewer: new Viewer({ ...STAFF, channels: [] }), expiresAt: null };
    if (authorization === 'Bearer short') return { viewer: staff, expiresAt: new Date(Date.now() + 300) };
    if (authorization === 'Bearer outage') throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
    throw refusal('UNAUTHENTICATED', { reason: 'TOKEN_INVALID' });
  },
};

export async function startShop(change: Partial<GatewayOptions> = {}): Promise<Shop> {
  const feed = new Feed();
  const journal = new Journal();
  const fetches: Shop['fetches'] = [];
  const patiences: Patience[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => { open = resolve; });
  const resolvers = resolversOf(feed, journal, gate);
  const sources = NAMES.map((name) => {
    const schema = buildSubgraphSchema([{ typeDefs: parse(LINK + TYPES[name]), resolvers: resolvers[name] as never }]);
    const source = inProcessSource({ name, schema, contextFor: (context) => context });
    return { ...source, execute: (request: SubgraphRequest, context: GatewayContext, patience: Patience) => { fetches.push({ ...request, subgraph: name }); patiences.push(patience); return source.execute(request, context, patience); } };
  });
  const gateway = await createGateway({
    supergraphSdl: composeShop(), sources, authenticator: doorkeeper, host: '127.0.0.1', port: 0, explorer: false, introspection: false, publicGraph: false, ...change,
  });
  return { gateway, feed, journal, fetches, patiences, sources, open };
}

it('composes the graph of the tests', () => {
  expect(composeShop()).toContain('join__Graph');
});
