import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { InProcessCalls, type Calls } from '@quanyu/calls';
import type { EventDraft, EventEnvelope } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { Vault } from '@quanyu/pii';
import { databaseDefinition, openSubgraph, type RunningSubgraph, type SubgraphDefinition } from '@quanyu/subgraph';
import { configureLog } from '@quanyu/telemetry';
import { Viewer, SCOPES, type ViewerClaims } from '@quanyu/viewer';
import express, { type Express } from 'express';
import { graphql } from 'graphql';
import pg from 'pg';
import { SqlCounter } from './sql-counter.js';
import { createTestDatabase } from './test-database.js';

// A test says what it expects; a line for each event would only hide it. One that reads the log asks for more.
configureLog({ level: 'error' });

/** JSON of any shape, as a test reads it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test asserts on what comes; typing each answer would say it twice
export type Json = any;

/** What a GraphQL request answered. */
export interface Answer { readonly data: Record<string, Json> | null; readonly errors: readonly { message: string; code: unknown; path: unknown }[] }

/** A subgraph on a database of its own, asked from inside the process. */
export interface TestSubgraph extends RunningSubgraph {
  readonly sql: SqlCounter;
  readonly systemUrl: string;
  /** Runs raw SQL as the app role on a connection of its own, one a `slot`. */
  writer(work: (client: pg.Client) => Promise<void>, slot?: number): Promise<void>;
  /** Jobs that were asked for, in order; nothing runs them. */
  readonly enqueued: readonly { readonly name: string; readonly payload: unknown }[];
  ask(query: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<Answer>;
  /** A draft as an event that has been recorded. */
  envelope(draft: EventDraft, over?: Partial<EventEnvelope>): EventEnvelope;
  /** Delivers an event as a relay would; returns its envelope so that a test can deliver it again. */
  deliver(draft: EventDraft, over?: Partial<EventEnvelope>): Promise<EventEnvelope>;
  redeliver(...events: readonly EventEnvelope[]): Promise<void>;
  /** What it has recorded, in log order. */
  recorded(type?: string): Promise<readonly { readonly type: string; readonly subject: string; readonly tenantId: string; readonly data: Json }[]>;
  /** Opens its HTTP door, or what `mount` makes of it, until it is closed; gives the address without a path. */
  listen(mount?: (app: Express) => void): Promise<string>;
  /** Waits until live views have read all that has been told: one that opens later begins after it. */
  quiet(): Promise<void>;
  /** Rows of one tenant, by SQL. */
  rows<Row>(tenantId: string, sql: string, params?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** Fake keys: 32 bytes of one letter each. */
export const testVault = (): Vault => Vault.from({ sealKeys: `t1:${Buffer.alloc(32, 'a').toString('base64')}`, indexKey: Buffer.alloc(32, 'b').toString('base64') });

/** A staff member of a tenant with all scopes and channels unless told otherwise. */
export const staffOf = (tenantId: string, over: Partial<ViewerClaims> = {}): Viewer =>
  new Viewer({ kind: 'staff', tenantId, subjectId: 'stf_test', scopes: SCOPES, channels: 'all', ...over });

const IDLE_MS = 50;

/** The tenant that a test works in when it names none. */
export const TEST_TENANT = 'ten_00000000000000000000000001';

/** Opens a subgraph for a test file; close it in `afterAll`. */
export async function openTestSubgraph(definition: SubgraphDefinition, options: { readonly clock?: () => Date; readonly calls?: Calls; readonly retryWaitsMs?: readonly number[] } = {}): Promise<TestSubgraph> {
  const testDatabase = await createTestDatabase([databaseDefinition(definition)]);
  const sql = new SqlCounter();
  const enqueued: { name: string; payload: unknown }[] = [];
  const running = await openSubgraph(definition, {
    urls: testDatabase.urls(definition.name),
    vault: testVault(),
    calls: options.calls ?? new InProcessCalls(),
    jobs: { enqueue: (name, payload) => { enqueued.push({ name, payload }); return Promise.resolve(); } },
    database: { onQuery: sql.onQuery, clock: options.clock },
    idleMs: IDLE_MS,
    retryWaitsMs: options.retryWaitsMs,
  });
  const envelope = (draft: EventDraft, over: Partial<EventEnvelope> = {}): EventEnvelope => ({
    ...draft, id: newId('evt'), source: draft.type.split('.')[0]!, time: new Date().toISOString(), correlationId: null, causationId: null, ...over,
  });
  const writers = new Map<number, pg.Client>();
  const servers: Server[] = [];
  return {
    ...running,
    sql,
    systemUrl: testDatabase.urls(definition.name).system,
    writer: async (work, slot = 0) => {
      let client = writers.get(slot);
      if (client === undefined) {
        client = new pg.Client({ connectionString: testDatabase.urls(definition.name).app });
        await client.connect();
        writers.set(slot, client);
      }
      await work(client);
    },
    enqueued,
    envelope,
    ask: async (source, variableValues = {}, viewer = staffOf(TEST_TENANT)) => {
      const { data, errors } = await graphql({ schema: running.schema, source, variableValues, contextValue: running.contextFor({ viewer, requestId: newId('req'), language: 'en' }) });
      return { data: (data as Answer['data']) ?? null, errors: (errors ?? []).map((error) => ({ message: error.message, code: error.extensions.code, path: error.path })) };
    },
    deliver: async (draft, over) => {
      const event = envelope(draft, over);
      await running.door.accept([event]);
      return event;
    },
    redeliver: async (...events) => { await running.door.accept(events); },
    recorded: async (type) => {
      const { rows } = await running.deps.database.system.query<{ type: string; subject: string; tenantId: string; data: unknown }>(
        'select type, subject, tenant_id as "tenantId", data from outbox where $1::text is null or type = $1 order by xid, id', [type ?? null]);
      return rows;
    },
    listen: async (mount = (app) => definition.http!(app, running.deps)) => {
      const app = express();
      mount(app);
      const server = app.listen(0, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    // Two looks of the log reader.
    quiet: () => sleep(3 * IDLE_MS),
    rows: (tenantId, text, params = []) => running.deps.database.read(tenantId, (em: EntityManager) => em.execute(text, params)) as never,
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); })));
      await Promise.all([...writers.values()].map((client) => client.end()));
      await running.stop();
      await testDatabase.drop();
    },
  };
}
