import { readFile } from 'node:fs/promises';
import { InProcessCalls, noteFieldUsage } from '@quanyu/calls';
import { subgraphUrls } from '@quanyu/database';
import { CHANGE_ANNOUNCEMENTS, claimsOf, createAuthenticator, createGateway, inProcessSource, openLimits, readExamples, readOperations, RIGHTS_ANNOUNCEMENTS, type GatewayIssuer } from '@quanyu/gateway';
import { Jobs } from '@quanyu/jobs';
import { Vault } from '@quanyu/pii';
import { openSubgraph, type RunningSubgraph } from '@quanyu/subgraph';
import { log, serveMetrics, startTracing, type MetricsServer } from '@quanyu/telemetry';
import { createRemoteJWKSet } from 'jose';
import { developmentCredentials, ensureDemoTenant, type DevelopmentCredentials } from './demo-tenant.js';
import { AUDIENCE, developmentKeys, DEVELOPMENT_ISSUER, DEVELOPMENT_MEMBER_ISSUER } from './development-issuer.js';
import type { Environment } from './environment.js';
import { layGround, Stops } from './ground.js';
import type { Progress } from './progress.js';
import { rolePassword, type Secrets } from './secrets.js';
import { subgraphs } from './subgraphs.js';

/** What a person or a test can do with the product while it runs. */
export interface Standalone {
  readonly url: string;
  /** Where Prometheus looks; null where none is wanted. */
  readonly metricsUrl: string | null;
  /** null where a real issuer is configured. */
  readonly credentials: DevelopmentCredentials | null;
  stop(): Promise<void>;
}

/** A killed process' jobs are taken up this soon after the restart; every job may safely run twice. */
const JOB_LOCK_MS = 5_000;

/** Starts everything in this process: PostgreSQL (unless one is given), migrations, subgraphs, workers, gateway. */
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
  const { secrets, adminUrl, jobsUrl } = await layGround(environment, progress, stops);
  const vault = Vault.from(secrets);
  const passwordOf = rolePassword(secrets);

  progress.step(`starting ${subgraphs.length} subgraphs, workers and the gateway`);
  const calls = new InProcessCalls();
  const store = environment.redisUrl === null ? { connectionString: jobsUrl } : { redisUrl: environment.redisUrl };
  const jobs = new Jobs({ ...store, queueName: 'quanyu', log, lockMs: JOB_LOCK_MS });
  const running: RunningSubgraph[] = [];
  for (const definition of subgraphs) {
    const subgraph = await openSubgraph(definition, { urls: subgraphUrls(adminUrl, definition.name, () => passwordOf(definition.name)), vault, calls, jobs });
    running.push(subgraph);
    stops.add(() => subgraph.stop());
    calls.add(subgraph.calls);
    jobs.register(subgraph.jobs.definitions, subgraph.jobs.schedules);
  }
  for (const subgraph of running) subgraph.relayTo(running);
  stops.add(() => jobs.stop());
  await jobs.start();

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
  stops.add(() => gateway.close());
  const metrics = environment.metrics === null ? null : await openMetrics(environment.metrics, stops);
  return { url: gateway.url, metricsUrl: metrics?.url ?? null, credentials, stop: stops.run };
}

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
