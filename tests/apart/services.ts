import { makeServiceKey, readPrivateKey, readPublicKeys, serviceKeys, ServiceTokens, VIEWER_HEADER, writeViewer, type ServiceKeys } from '@quanyu/calls';
import type { EventEnvelope } from '@quanyu/events';
import { databaseDefinition, serveSubgraph, type ServedSubgraph, type SubgraphDefinition, type SubgraphSettings } from '@quanyu/subgraph';
import { createTestDatabase, testVault, type Json, type TestDatabase } from '@quanyu/testing';
import type { Viewer } from '@quanyu/viewer';
import pg from 'pg';

const NAMES = ['gateway', 'operator', 'access', 'catalog', 'inventory', 'orders', 'members', 'tickets', 'finance', 'bridge', 'probe'] as const;
const texts = new Map(NAMES.map((name) => [name, makeServiceKey()]));
const list = readPublicKeys([...texts].map(([name, { publicKey }]) => `${name}:${publicKey}`).join(','));

/** Keys of a service that all others of this test know. */
export const keysOf = (name: string): ServiceKeys => serviceKeys(name, readPrivateKey(texts.get(name as typeof NAMES[number])!.privateKey), list);

/** A header by which a service shows itself to another. */
export const asService = (name: string, audience: string, now?: () => number): Promise<string> => new ServiceTokens(keysOf(name), now).headerFor(audience);

/** What a door answered. */
export interface DoorAnswer { readonly status: number; readonly body: Json }

/** A subgraph that serves alone, on a database of its own. */
export class LoneSubgraph {
  private constructor(readonly name: string, readonly database: TestDatabase & { sql(text: string, values?: unknown[]): Promise<Json[]> }, private readonly served: ServedSubgraph) {}

  static async open(definition: SubgraphDefinition, over: Partial<SubgraphSettings> = {}): Promise<LoneSubgraph> {
    const database = await createTestDatabase([databaseDefinition(definition)]);
    const sql = async (text: string, values: unknown[] = []): Promise<Json[]> => {
      const client = new pg.Client({ connectionString: database.adminUrl });
      await client.connect();
      return client.query<Json>(text, values).then(({ rows }) => rows).finally(() => client.end());
    };
    return new LoneSubgraph(definition.name, { ...database, sql }, await serveSubgraph(definition, settingsFor(definition.name, database, over)));
  }

  get url(): string { return `http://127.0.0.1:${this.served.port}`; }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<DoorAnswer> {
    const response = await fetch(`${this.url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
    return { status: response.status, body: JSON.parse(await response.text()) as Json };
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<DoorAnswer> {
    const response = await fetch(`${this.url}${path}`, { headers });
    return { status: response.status, body: JSON.parse(await response.text()) as Json };
  }

  /** Asks the graph as the gateway would for this viewer. */
  async ask(query: string, variables: object, viewer: Viewer, authorization?: string): Promise<DoorAnswer> {
    return this.post('/graphql', { query, variables }, {
      authorization: authorization ?? await asService('gateway', this.name), [VIEWER_HEADER]: writeViewer(viewer), 'x-request-id': 'req_test_0001',
    });
  }

  /** Hands in events as their owner would. */
  async deliver(events: readonly EventEnvelope[], by: string = events[0]!.source): Promise<DoorAnswer> {
    return this.post('/events', { events }, { authorization: await asService(by, this.name) });
  }

  stop(graceMs = 0): Promise<void> { return this.served.stop(graceMs); }

  async close(): Promise<void> {
    await this.stop();
    await this.database.drop();
  }
}

/** Settings of a process of a subgraph in a test. */
export const settingsFor = (name: string, database: TestDatabase, over: Partial<SubgraphSettings> = {}): SubgraphSettings => ({
  role: 'serve', host: '127.0.0.1', port: 0, databaseUrls: database.urls(name), jobsDatabaseUrl: database.adminUrl, redisUrl: null,
  keys: keysOf(name), services: new Map(), eventDoors: new Map(), gateways: [], vault: testVault(), drainGraceMs: 0, metrics: null, tracing: null, logLevel: 'error', kill: null, ...over,
});

