import { HttpCalls, ServiceClient, ServiceTokens, type ServiceUrls } from '@quanyu/calls';
import { Jobs } from '@quanyu/jobs';
import { PostgresHints, RedisHints } from '@quanyu/outbox';
import { log, serveMetrics, startTracing } from '@quanyu/telemetry';
import express, { type Express } from 'express';
import type { SubgraphDefinition } from '../definition.js';
import { openSubgraph, type RunningSubgraph } from '../open-subgraph.js';
import { callDoor } from './call-door.js';
import { openDoors, type Door } from './door-server.js';
import { eventDoor } from './event-door.js';
import { RemoteConsumer } from './remote-consumer.js';
import type { SubgraphSettings } from './settings.js';

/** A subgraph that listens. */
export interface ServedSubgraph {
  readonly port: number;
  /** Turns callers away for `graceMs`, lets what runs end, and closes. */
  stop(graceMs: number): Promise<void>;
}

/** Hints wake the log's reader; without one it looks now and then. */
const IDLE_MS = 1_000;
/** How long the last batch is waited for when a process stops. */
const LONGEST_BATCH_MS = 6_000;

/** Serves a subgraph over HTTP, alone in its process or beside others of its kind. */
export async function serveSubgraph(definition: SubgraphDefinition, settings: SubgraphSettings): Promise<ServedSubgraph> {
  const { name } = definition;
  const { role, redisUrl, databaseUrls } = settings;
  const endTracing = settings.tracing === null ? undefined : await startTracing(settings.tracing);
  const [serves, works] = [role !== 'work', role !== 'serve'];
  const tokens = new ServiceTokens(settings.keys);
  const client = new ServiceClient(tokens, new Map([...settings.services, ...(settings.gateways.length === 0 ? [] : [['gateway', settings.gateways] as const])]));
  const toDoors = new ServiceClient(tokens, new Map([...settings.services, ...settings.eventDoors]));
  const jobs = new Jobs({ ...(redisUrl === null ? { connectionString: settings.jobsDatabaseUrl! } : { redisUrl }), queueName: `quanyu-${name}`, log });
  const subgraph = await openSubgraph(definition, {
    urls: databaseUrls, vault: settings.vault, calls: new HttpCalls(client), jobs, idleMs: IDLE_MS,
    hints: ({ system }) => (redisUrl === null ? new PostgresHints(name, system, databaseUrls.system) : new RedisHints(name, redisUrl)),
  });
  // Known in each process: one that serves puts jobs into the queue.
  jobs.register(subgraph.jobs.definitions, subgraph.jobs.schedules);

  const doors: Door[] = [eventDoor(tokens, subgraph.door)];
  let endLive = (): void => undefined;
  if (serves) {
    // Loaded here: whoever runs everything in one process needs no server for it.
    const { graphDoor } = await import('./graph-door.js');
    const graph = await graphDoor(tokens, subgraph);
    endLive = () => graph.endLive();
    doors.push(graph, callDoor(tokens, subgraph.calls));
  }
  const server = await openDoors({
    host: settings.host, port: settings.port, doors,
    others: serves && definition.http !== undefined ? routesOf(definition.http, subgraph) : null,
    ready: () => isReady(subgraph),
  });
  if (works) {
    subgraph.relayTo(consumersOf(settings.services, toDoors));
    await jobs.start();
  }
  const metrics = settings.metrics === null ? null : await serveMetrics(settings.metrics);
  log.info('a subgraph listens', { subgraph: name, port: server.port, phase: role });

  return {
    port: server.port,
    stop: async (graceMs) => {
      log.info('a subgraph stops', { subgraph: name, phase: role });
      endLive();
      // A batch that a slow consumer has is handed in again by the next relay; its inbox drops doubles.
      const cutOff = setTimeout(() => void toDoors.close(), LONGEST_BATCH_MS);
      // Background work ends while callers turn away.
      await Promise.all([server.drain(graceMs), subgraph.stopRelay(), works ? jobs.stop() : undefined]);
      clearTimeout(cutOff);
      await jobs.stop();
      await subgraph.stop();
      await Promise.all([client.close(), toDoors.close(), metrics?.close(), endTracing?.()]);
      log.info('a subgraph has stopped', { subgraph: name, phase: role });
    },
  };
}

const consumersOf = (services: ServiceUrls, client: ServiceClient): { readonly door: RemoteConsumer }[] =>
  [...services.keys()].map((service) => ({ door: new RemoteConsumer(service, client) }));

/** The subgraph's own routes for the outside, whose requests prove themselves. */
function routesOf(mount: (app: Express, deps: RunningSubgraph['deps']) => void, { deps }: RunningSubgraph): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  mount(app, deps);
  app.use((_request, response) => { response.status(404).json({ error: { code: 'NOT_FOUND' } }); });
  return app;
}

async function isReady({ deps: { database } }: RunningSubgraph): Promise<boolean> {
  await database.system.query({ text: 'select 1', query_timeout: 2_000 } as never);
  return true;
}
