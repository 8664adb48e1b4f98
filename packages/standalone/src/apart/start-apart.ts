import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpCalls, makeServiceKey, readPrivateKey, readPublicKeys, ServiceClient, serviceKeys, ServiceTokens, type ServiceKeyTexts } from '@quanyu/calls';
import { developmentCredentials, ensureDemoTenant } from '../demo-tenant.js';
import type { ApartEnvironment } from '../environment.js';
import { layGround, Stops } from '../ground.js';
import { OPERATOR } from '../make-secrets/make-secrets.js';
import type { Progress } from '../progress.js';
import { addSecrets, type Secrets } from '../secrets.js';
import { SetupError } from '../setup-error.js';
import type { Standalone } from '../start.js';
import { subgraphs } from '../subgraphs.js';
import { Child } from './child.js';
import { partsOf, placesOf, SERVICES } from './plan.js';
import { freePorts } from './ports.js';
import { findRedis, startRedis } from './redis.js';

/** A process may take this long to be ready: many start at once, perhaps on a busy machine. */
const READY_MS = 300_000;
/** A process uses ten at most; a few are for people. */
const CONNECTIONS_A_PROCESS = 11;

/** Starts the house as processes of their own on this machine: one port each, one log. */
export async function startApart(environment: ApartEnvironment, progress: Progress): Promise<Standalone> {
  const stops = new Stops();
  try {
    return await startParts(environment, progress, stops);
  } catch (error) {
    await stops.run();
    throw error;
  }
}

async function startParts(environment: ApartEnvironment, progress: Progress, stops: Stops): Promise<Standalone> {
  const unknown = environment.split.find((name) => !subgraphs.some((subgraph) => subgraph.name === name));
  if (unknown !== undefined) throw new SetupError(`--split names ${unknown}, which is no subgraph.`);
  const places = placesOf(environment);
  const ground = await layGround(environment, progress, stops, places.length * CONNECTIONS_A_PROCESS + 20);
  const secrets = await withServiceKeys(environment.dataDir, ground.secrets);
  const [redisPort, ...ports] = await portsFor(places.length, environment.port);
  const metrics = environment.metrics === null ? null : { host: environment.metrics.host, ports: await freePorts(places.length, environment.metrics.port || ports.at(-1)! + 2) };
  const redisUrl = await redisFor(environment, redisPort!, progress, stops);

  const parts = partsOf({
    instances: environment.instances, split: environment.split, adminUrl: ground.adminUrl, redisUrl, jobsUrl: ground.jobsUrl, secrets,
    supergraphFile: environment.supergraphFile, oidc: environment.oidc, memberIssuers: environment.memberIssuersText, metrics,
    passed: {
      LOG_LEVEL: environment.logLevel, NODE_ENV: environment.production ? 'production' : 'development', DRAIN_GRACE_MS: environment.drainGraceMs,
      OTEL_EXPORTER_OTLP_ENDPOINT: environment.tracing?.endpoint, OTEL_TRACES_SAMPLER_ARG: environment.tracing === null ? undefined : String(environment.tracing.sampleRatio),
      ...environment.limitTexts,
      QUANYU_KILL_AT: environment.kill?.at, QUANYU_KILL_TRACE: environment.kill?.trace,
    },
  }, places, ports);
  progress.step(`starting ${parts.length} processes, on the ports ${ports[0]} to ${ports.at(-1)}`);
  const children: Child[] = [];
  // One after the other: a list that is written twice at once may be left half.
  let writing = Promise.resolve();
  const tell = (): void => { writing = writing.then(() => writeList(environment.dataDir, children)).catch(() => undefined); };
  for (const part of parts) children.push(new Child(part, (line) => process.stderr.write(`${line}\n`), tell));
  stops.add(async () => { await Promise.all(children.map((child) => child.stop())); });
  for (const child of children) child.start();
  await Promise.all(children.map((child) => child.ready(READY_MS)));
  await writing;

  const url = `http://127.0.0.1:${ports[0]}`;
  const credentials = environment.oidc === null && !environment.production ? await developmentCredentials(environment.dataDir, secrets) : null;
  if (credentials !== null && environment.demo) await asOperator(secrets, parts[0]!.env['SUBGRAPH_URLS']!, (calls) => ensureDemoTenant(calls, credentials.partnerKey));
  // The gateway's own; those of the others stand in processes.json.
  const metricsUrl = metrics === null ? null : `http://${metrics.host}:${metrics.ports[0]}/metrics`;
  return { url, metricsUrl, credentials, stop: stops.run };
}

/** The first for Redis, the others in the order of the places. */
async function portsFor(count: number, wanted: number): Promise<number[]> {
  const ports = await freePorts(count + 1, wanted);
  return [ports.at(-1)!, ...ports.slice(0, -1)];
}

async function redisFor(environment: ApartEnvironment, port: number, progress: Progress, stops: Stops): Promise<string | null> {
  if (environment.redisUrl !== null) {
    progress.step('jobs and live hints: the Redis of REDIS_URL');
    return environment.redisUrl;
  }
  const program = environment.withRedis ? findRedis() : null;
  if (program !== null) {
    const redis = await startRedis(program, environment.dataDir, port);
    stops.add(() => redis.stop());
    progress.step(`jobs and live hints: a ${program} of our own, on port ${port}`);
    return redis.url;
  }
  if (environment.requireRedis && environment.withRedis) throw new SetupError('REQUIRE_REDIS=1, but there is no redis-server on this machine and REDIS_URL is not set.');
  progress.step(`jobs and live hints: PostgreSQL${environment.withRedis ? ' (no redis-server was found)' : ''}`);
  return null;
}

/** Makes the keys of services that have none yet. */
async function withServiceKeys(dataDir: string, secrets: Secrets): Promise<Secrets & { readonly serviceKeys: Record<string, ServiceKeyTexts> }> {
  const known = secrets.serviceKeys ?? {};
  const complete = { ...secrets, serviceKeys: Object.fromEntries(SERVICES.map((service) => [service, known[service] ?? makeServiceKey()])) };
  if (SERVICES.some((service) => known[service] === undefined)) await addSecrets(dataDir, { serviceKeys: complete.serviceKeys });
  return complete;
}

async function asOperator(secrets: { readonly serviceKeys: Readonly<Record<string, ServiceKeyTexts>> }, urls: string, work: (calls: HttpCalls) => Promise<unknown>): Promise<void> {
  const list = Object.entries(secrets.serviceKeys).map(([service, { publicKey }]) => `${service}:${publicKey}`).join(',');
  const keys = serviceKeys(OPERATOR, readPrivateKey(secrets.serviceKeys[OPERATOR]!.privateKey), readPublicKeys(list));
  const client = new ServiceClient(new ServiceTokens(keys), new Map(urls.split(',').map((entry) => entry.split('=') as [string, string]).map(([name, addresses]) => [name, addresses.split('|')])));
  try {
    await work(new HttpCalls(client));
  } finally {
    await client.close();
  }
}

/** `processes.json` of the data folder: who runs where, for people and tests. */
async function writeList(dataDir: string, children: readonly Child[]): Promise<void> {
  const file = join(dataDir, 'processes.json');
  await writeFile(`${file}.new`, `${JSON.stringify(children.map(({ part: { label, port, metricsPort }, pid }) => ({ label, port, pid, metricsPort })), null, 2)}\n`);
  await rename(`${file}.new`, file);
}
