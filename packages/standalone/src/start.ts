import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTenant, InProcessCalls, resolveViewer } from '@quanyu/calls';
import { defaultDataDir, provision, provisionRole, startPostgres, subgraphUrls, type EmbeddedPostgres } from '@quanyu/database';
import { createAuthenticator, createGateway, inProcessSource, type GatewayIssuer, type Identity } from '@quanyu/gateway';
import { Jobs, migrateJobs } from '@quanyu/jobs';
import { Vault } from '@quanyu/pii';
import { migrateSubgraph, openSubgraph, type RunningSubgraph } from '@quanyu/subgraph';
import { log, serveMetrics, type MetricsServer } from '@quanyu/telemetry';
import type { ViewerClaims } from '@quanyu/viewer';
import { createRemoteJWKSet } from 'jose';
import pg from 'pg';
import { AUDIENCE, developmentKeys, DEVELOPMENT_ISSUER, isFresh, issueToken, OWNER_SUBJECT } from './development-issuer.js';
import type { Environment } from './environment.js';
import type { Progress } from './progress.js';
import { loadSecrets, rolePassword, saveSecrets, type Secrets } from './secrets.js';
import { subgraphs } from './subgraphs.js';

/** What a person or a test can do with the product while it runs. */
export interface Standalone {
  readonly url: string;
  /** Where Prometheus looks; null where none is wanted. */
  readonly metricsUrl: string | null;
  /** null where a real issuer is configured. */
  readonly credentials: { readonly staffToken: string; readonly partnerKey: string; readonly webhookSecret: string } | null;
  stop(): Promise<void>;
}

const JOBS_ROLE = 'jobs_app';
/** A killed process' jobs are taken up this soon after the restart; every job may safely run twice. */
const JOB_LOCK_MS = 5_000;

/** Starts everything in this process: PostgreSQL (unless one is given), migrations, subgraphs, workers, gateway. */
export async function startStandalone(environment: Environment, progress: Progress): Promise<Standalone> {
  const stops: (() => Promise<void>)[] = [];
  // In the reverse order of the start, each even when another fails.
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step().catch((error: unknown) => log.error('a part did not stop', { error }));
  };
  try {
    return await startParts(environment, progress, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(environment: Environment, progress: Progress, stops: (() => Promise<void>)[], stop: () => Promise<void>): Promise<Standalone> {
  const { dataDir } = environment;
  // As root in a closed folder the server could not reach its data: then it keeps them elsewhere.
  const postgresDir = environment.postgresDir ?? await defaultDataDir(join(dataDir, 'postgres'));
  const secrets = await loadSecrets(dataDir, environment, await hasData(environment, postgresDir));
  const vault = Vault.from(secrets);
  const adminUrl = environment.databaseAdminUrl ?? await startEmbedded(postgresDir, progress, stops);

  progress.step('database: roles and migrations');
  const passwordOf = rolePassword(secrets);
  await provision(adminUrl, subgraphs.map(({ name }) => name), passwordOf);
  await provisionRole(adminUrl, JOBS_ROLE, passwordOf(JOBS_ROLE));
  await migrateJobs(adminUrl, JOBS_ROLE);
  const urlsOf = (name: string) => subgraphUrls(adminUrl, name, passwordOf);
  for (const definition of subgraphs) {
    const count = await migrateSubgraph(definition, urlsOf(definition.name).owner);
    if (count > 0) progress.step(`database: ${definition.name} migrated`);
  }

  progress.step(`starting ${subgraphs.length} subgraphs, workers and the gateway`);
  const calls = new InProcessCalls();
  const jobs = new Jobs({ connectionString: withRole(adminUrl, JOBS_ROLE, passwordOf(JOBS_ROLE)), queueName: 'quanyu', log, lockMs: JOB_LOCK_MS });
  const running: RunningSubgraph[] = [];
  for (const definition of subgraphs) {
    const subgraph = await openSubgraph(definition, { urls: urlsOf(definition.name), vault, calls, jobs });
    running.push(subgraph);
    stops.push(() => subgraph.stop());
    calls.add(subgraph.calls);
    const ownJobs = definition.jobs?.(subgraph.deps);
    if (ownJobs !== undefined) jobs.register(ownJobs.definitions, ownJobs.schedules);
  }
  for (const subgraph of running) subgraph.relayTo(running);
  stops.push(() => jobs.stop());
  await jobs.start();

  const credentials = environment.oidc === null && !environment.production ? await developmentCredentials(dataDir, secrets) : null;
  if (credentials !== null && environment.demo) await ensureDemoTenant(calls, credentials.partnerKey);
  const gateway = await createGateway({
    supergraphSdl: await readFile(environment.supergraphFile, 'utf8'),
    sources: running.map(({ definition: { name }, schema, contextFor }) => inProcessSource({ name, schema, contextFor })),
    authenticator: createAuthenticator({
      issuers: [issuerOf(environment, secrets)],
      resolveViewer: (identity) => claimsOf(calls, identity),
    }),
    host: environment.host,
    port: environment.port,
    explorer: environment.production ? false : { examples: await readExamples(environment.supergraphFile) },
    introspection: !environment.production,
    live: { rightsAnnouncements: { subgraph: 'access', query: 'subscription { rightsChanged { subjectId } }' } },
    mount: (app) => { for (const { definition, deps } of running) definition.http?.(app, deps); },
    ready: async () => (await Promise.all(running.map(({ deps }) => deps.database.system.query('select 1')))).length === running.length,
  });
  stops.push(() => gateway.close());
  const metrics = environment.metrics === null ? null : await openMetrics(environment.metrics, stops);
  return { url: gateway.url, metricsUrl: metrics?.url ?? null, credentials, stop };
}

async function openMetrics(at: NonNullable<Environment['metrics']>, stops: (() => Promise<void>)[]): Promise<MetricsServer> {
  const server = await serveMetrics(at);
  stops.push(() => server.close());
  return server;
}

/** Members sign in with an issue of their own; until then only staff and partners have claims. */
async function claimsOf(calls: InProcessCalls, identity: Identity): Promise<ViewerClaims | null> {
  if (identity.kind === 'partner') return (await calls.invoke(resolveViewer, identity)) as ViewerClaims | null;
  if (identity.kind === 'member') return null;
  return (await calls.invoke(resolveViewer, { kind: 'staff', issuer: identity.issuer, subject: identity.subject })) as ViewerClaims | null;
}

async function startEmbedded(postgresDir: string, progress: Progress, stops: (() => Promise<void>)[]): Promise<string> {
  const server: EmbeddedPostgres = await startPostgres({ dataDir: postgresDir, onProgress: (message) => progress.step(`PostgreSQL: ${message}`) });
  stops.push(() => server.stop());
  return server.adminUrl;
}

/** Whether there is sealed data already: then the keys must be there too. */
async function hasData({ databaseAdminUrl }: Environment, postgresDir: string): Promise<boolean> {
  if (databaseAdminUrl === null) return existsSync(join(postgresDir, 'cluster'));
  const client = new pg.Client({ connectionString: databaseAdminUrl });
  await client.connect();
  try {
    return (await client.query("select 1 from pg_namespace where nspname = 'access'")).rowCount !== 0;
  } finally {
    await client.end();
  }
}

/** The operations that the schema folder keeps for people, as tabs of the explorer; those of clients lie in folders beside them. */
async function readExamples(supergraphFile: string): Promise<{ query: string }[]> {
  const folder = join(dirname(supergraphFile), 'operations');
  const files = await readdir(folder).catch(() => []);
  return Promise.all(files.filter((file) => file.endsWith('.graphql')).sort().map(async (file) => ({ query: await readFile(join(folder, file), 'utf8') })));
}

function withRole(databaseUrl: string, role: string, password: string): string {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = encodeURIComponent(password);
  return url.href;
}

const issuerOf = ({ oidc }: Environment, secrets: Secrets): GatewayIssuer =>
  oidc === null
    ? { issuer: DEVELOPMENT_ISSUER, audience: AUDIENCE, jwks: developmentKeys(secrets.issuerKey) }
    : { issuer: oidc.issuer, audience: oidc.audience, jwks: createRemoteJWKSet(new URL(oidc.jwksUrl)) };

async function developmentCredentials(dataDir: string, secrets: Secrets): Promise<NonNullable<Standalone['credentials']>> {
  const { partnerKey, webhookSecret } = secrets;
  if (isFresh(secrets.staffToken)) return { staffToken: secrets.staffToken, partnerKey, webhookSecret };
  const staffToken = await issueToken(secrets.issuerKey, OWNER_SUBJECT);
  await saveSecrets(dataDir, { ...secrets, staffToken });
  return { staffToken, partnerKey, webhookSecret };
}

const ensureDemoTenant = (calls: InProcessCalls, partnerKey: string): Promise<unknown> => calls.invoke(createTenant, {
  name: 'Demo studio',
  owner: { issuer: DEVELOPMENT_ISSUER, subject: OWNER_SUBJECT, name: 'Demo owner' },
  partnerKey: { hash: createHash('sha256').update(partnerKey).digest('hex'), prefix: partnerKey.slice(0, 10), name: 'Demo partner' },
});
