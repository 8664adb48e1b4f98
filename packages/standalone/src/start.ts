import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noteFieldUsage } from '@quanyu/calls';
import { CHANGE_ANNOUNCEMENTS, claimsOf, createAuthenticator, createGateway, inProcessSource, openLimits, readExamples, readOperations, RIGHTS_ANNOUNCEMENTS, viewerOfKey, type GatewayIssuer } from '@quanyu/gateway';
import { serveMetrics, startTracing, type MetricsServer } from '@quanyu/telemetry';
import { createRemoteJWKSet } from 'jose';
import { developmentCredentials, ensureDemoTenant, type DevelopmentCredentials } from './demo-tenant.js';
import { AUDIENCE, developmentKeys, DEVELOPMENT_ISSUER, DEVELOPMENT_MEMBER_ISSUER } from './development-issuer.js';
import type { Environment } from './environment.js';
import { layGround, Stops } from './ground.js';
import type { Progress } from './progress.js';
import { openHouse, type HousePlan } from './open-house.js';
import type { Secrets } from './secrets.js';
import { subgraphs } from './subgraphs.js';
import type { WorkPlan } from './worker/main.js';
import { Worker } from './worker/worker.js';
import { writeWhole } from './write-whole.js';

/** What a person or a test can do with the product while it runs. */
export interface Standalone {
  readonly url: string;
  /** Where Prometheus looks; null where none is wanted. */
  readonly metricsUrl: string | null;
  /** The same of the process that works, where it is one of its own. */
  readonly workMetricsUrl?: string | null;
  /** null where a real issuer is configured. */
  readonly credentials: DevelopmentCredentials | null;
  stop(): Promise<void>;
}

/** Of the embedded server, where the doors have a process and the work another. */
const CONNECTIONS_OF_TWO = 160;

/** Starts everything: PostgreSQL (unless one is given), migrations, subgraphs, gateway, and the work, here or in a process of its own. */
export async function startStandalone(environment: Environment, progress: Progress): Promise<Standalone> {
  const stops = new Stops();
  try {
    return await startParts(environment, progress, stops);
  } catch (error) {
    await stops.run();
    throw error;
  }
}

async function startParts(environment: Environment, progress: Progress, stops: Stops): Promise<Standalone> {
  if (environment.tracing !== null) stops.add(await startTracing(environment.tracing));
  const apart = environment.workers > 0;
  const { secrets, adminUrl, jobsUrl } = await layGround(environment, progress, stops, apart ? CONNECTIONS_OF_TWO : undefined);
  const { databaseSecret, sealKeys, indexKey } = secrets;
  const plan: HousePlan = { adminUrl, jobsUrl, redisUrl: environment.redisUrl, secrets: { databaseSecret, sealKeys, indexKey } };

  progress.step(`starting ${subgraphs.length} subgraphs, workers and the gateway`);
  const worker = apart ? new Worker(workPlan(environment, plan), (pid) => { void writeProcesses(environment.dataDir, pid).catch(() => undefined); }) : null;
  if (worker === null) await writeProcesses(environment.dataDir);
  if (worker !== null) stops.add(() => worker.stop());
  const { running, calls, work } = await openHouse(plan, stops, worker ?? undefined);
  if (worker === null) await work();

  const credentials = environment.oidc === null && !environment.production ? await developmentCredentials(environment.dataDir, secrets) : null;
  if (credentials !== null && environment.demo) await ensureDemoTenant(calls, credentials.partnerKey);
  const examples = await readExamples(environment.supergraphFile);
  const operations = await readOperations(environment.supergraphFile);
  const { TRUSTED_PROXIES: proxies, ALLOWED_ORIGINS: allowedOrigins, ANSWER_CACHE_MB: megabytes, MCP: mcp } = environment.limits;
  const limiting = openLimits(environment.limits, environment.production, operations);
  stops.add(async () => limiting.close());
  const gateway = await createGateway({
    supergraphSdl: await readFile(environment.supergraphFile, 'utf8'),
    sources: running.map(({ definition: { name }, schema, contextFor }) => inProcessSource({ name, schema, contextFor })),
    authenticator: createAuthenticator({
      issuers: [issuerOf(environment, secrets), ...memberIssuersOf(environment, secrets)],
      resolveViewer: (identity) => claimsOf(calls, identity),
    }),
    viewerOfKey: viewerOfKey(calls),
    host: environment.host,
    port: environment.port,
    explorer: environment.production ? false : { examples },
    operations,
    limits: limiting.limits,
    ...(megabytes > 0 && { cache: { megabytes, announcements: CHANGE_ANNOUNCEMENTS } }),
    usage: { keep: (note) => calls.invoke(noteFieldUsage, { ...note, counts: [...note.counts] }) },
    ...(mcp !== 'off' && { mcp }),
    proxies,
    allowedOrigins,
    introspection: !environment.production,
    live: { rightsAnnouncements: RIGHTS_ANNOUNCEMENTS },
    mount: (app) => { for (const { definition, deps } of running) definition.http?.(app, deps); },
    ready: async () => (await Promise.all(running.map(({ deps }) => deps.database.system.query('select 1')))).length === running.length,
  });
  calls.add(gateway.calls);
  stops.add(() => gateway.close());
  const metrics = environment.metrics === null ? null : await openMetrics(environment.metrics, stops);
  worker?.answerFrom(calls);
  // Not before: the doors open sooner without it. What they take in meanwhile waits a few seconds.
  const working = worker?.start();
  // One that cannot begin has said so, and is started again.
  working?.catch(() => undefined);
  const workMetricsUrl = environment.metrics === null ? null : (await working)?.metricsUrl ?? null;
  return { url: gateway.url, metricsUrl: metrics?.url ?? null, workMetricsUrl, credentials, stop: stops.run };
}

/** It tells its metrics beside those of the doors, at the next port. */
const workPlan = ({ logLevel, tracing, kill, metrics }: Environment, plan: HousePlan): WorkPlan =>
  ({ ...plan, logLevel, tracing, kill, metrics: metrics && { ...metrics, port: metrics.port === 0 ? 0 : metrics.port + 1 } });

/** `processes.json` of the data folder: who runs, for people and tests. */
const writeProcesses = (dataDir: string, worker?: number): Promise<void> =>
  writeWhole(join(dataDir, 'processes.json'), `${JSON.stringify([{ label: 'doors', pid: process.pid }, ...(worker === undefined ? [] : [{ label: 'work', pid: worker }])], null, 2)}\n`);

async function openMetrics(at: NonNullable<Environment['metrics']>, stops: Stops): Promise<MetricsServer> {
  const server = await serveMetrics(at);
  stops.add(() => server.close());
  return server;
}

const issuerOf = ({ oidc }: Environment, secrets: Secrets): GatewayIssuer =>
  oidc === null
    ? { issuer: DEVELOPMENT_ISSUER, audience: AUDIENCE, jwks: developmentKeys(secrets.issuerKey) }
    : { issuer: oidc.issuer, audience: oidc.audience, jwks: createRemoteJWKSet(new URL(oidc.jwksUrl)) };

/** Whose tokens name shoppers; in development an issuer of our own does, too. */
const memberIssuersOf = ({ oidc, production, memberIssuers }: Environment, secrets: Secrets): readonly GatewayIssuer[] =>
  (oidc === null && !production ? [...memberIssuers, { issuer: DEVELOPMENT_MEMBER_ISSUER, audience: AUDIENCE, kind: 'member', jwks: developmentKeys(secrets.issuerKey) }] : memberIssuers);
