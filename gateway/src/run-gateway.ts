import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HttpCalls, noteFieldUsage, resolveMember, resolveViewer, tenantIsOpen, ServiceClient, ServiceTokens, type Calls } from '@quanyu/calls';
import { log, serveMetrics, startTracing } from '@quanyu/telemetry';
import type { ViewerClaims } from '@quanyu/viewer';
import { createAuthenticator, type Identity } from './authenticator.js';
import type { GatewaySettings } from './environment.js';
import { refusal } from './errors.js';
import { createGateway, type RunningGateway } from './gateway.js';
import { mountCalls } from './http/call-route.js';
import { openLimits } from './limits/limit-settings.js';
import { mountPublicRoutes } from './public-routes.js';
import { remoteSource } from './sources/remote.js';

/** Where it is told that somebody's rights have changed. */
export const RIGHTS_ANNOUNCEMENTS = { subgraph: 'access', query: 'subscription { rightsChanged { subjectId } }' } as const;

/** Where it is told that something has changed of which answers may be kept. */
export const CHANGE_ANNOUNCEMENTS = [{ subgraph: 'catalog', query: 'subscription { productChanged { productId tenantId } }' }, RIGHTS_ANNOUNCEMENTS] as const;

/** A gateway that runs apart from its subgraphs. */
export interface ServedGateway {
  readonly port: number;
  stop(graceMs: number): Promise<void>;
}

/** Starts a gateway whose subgraphs are other processes. */
export async function runGateway(settings: GatewaySettings): Promise<ServedGateway> {
  const endTracing = settings.tracing === null ? undefined : await startTracing(settings.tracing);
  const tokens = new ServiceTokens(settings.keys);
  const client = new ServiceClient(tokens, settings.services);
  const calls = new HttpCalls(client);
  const operations = await readOperations(settings.supergraphFile);
  const limiting = openLimits(settings.limits, settings.production, operations);
  const gateway: RunningGateway = await createGateway({
    supergraphSdl: await readFile(settings.supergraphFile, 'utf8'),
    sources: client.names.map((name) => remoteSource(name, client)),
    authenticator: createAuthenticator({ issuers: [settings.issuer, ...settings.memberIssuers], resolveViewer: (identity) => claimsOf(calls, identity).catch(cannotTell) }),
    host: settings.host,
    port: settings.port,
    explorer: settings.explorer ? { examples: await readExamples(settings.supergraphFile) } : false,
    introspection: !settings.production,
    shareReads: settings.shareReads,
    operations,
    limits: limiting.limits,
    ...(settings.answerCacheMegabytes > 0 && { cache: { megabytes: settings.answerCacheMegabytes, announcements: CHANGE_ANNOUNCEMENTS } }),
    usage: { keep: (note) => calls.invoke(noteFieldUsage, { ...note, counts: [...note.counts] }) },
    ...(settings.mcp !== 'off' && { mcp: settings.mcp }),
    proxies: settings.proxies,
    allowedOrigins: settings.allowedOrigins,
    live: { rightsAnnouncements: RIGHTS_ANNOUNCEMENTS },
    viewerOfKey: viewerOfKey(calls),
    mount: (app) => {
      mountCalls(app, tokens, () => gateway.calls);
      mountPublicRoutes(app, settings.publicRoutes, client);
    },
  });
  const metrics = settings.metrics === null ? null : await serveMetrics(settings.metrics);
  return {
    port: gateway.port,
    stop: async (graceMs) => {
      await gateway.close(graceMs);
      limiting.close();
      await Promise.all([client.close(), metrics?.close(), endTracing?.()]);
    },
  };
}

/** Access is away: nobody is let in, and nobody is told that their credentials are bad. */
function cannotTell(error: unknown): never {
  log.warn('a viewer could not be looked up', { error });
  throw refusal('SIGN_IN_UNAVAILABLE');
}

/** Finds who an identity is: access knows staff and partners, members knows shoppers. */
export async function claimsOf(calls: Calls, identity: Identity): Promise<ViewerClaims | null> {
  if (identity.kind === 'member') {
    const claims = (await calls.invoke(resolveMember, { issuer: identity.issuer, subject: identity.subject, phone: identity.phone ?? null })) as ViewerClaims | null;
    return claims?.tenantId && (await calls.invoke(tenantIsOpen, { tenantId: claims.tenantId })) ? claims : null;
  }
  return (await calls.invoke(resolveViewer, identity.kind === 'partner' ? identity : { kind: 'staff', issuer: identity.issuer, subject: identity.subject })) as ViewerClaims | null;
}

/** Who a partner's key is now, by its id. */
export const viewerOfKey = (calls: Calls) => async (tenantId: string, keyId: string): Promise<ViewerClaims | null> =>
  (await calls.invoke(resolveViewer, { kind: 'partner-key', tenantId, keyId })) as ViewerClaims | null;

/** All operations that the schema folder keeps, of people and of clients. */
export async function readOperations(supergraphFile: string): Promise<string[]> {
  const folder = join(dirname(supergraphFile), 'operations');
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return Promise.all(files.filter((file) => file.endsWith('.graphql')).map((file) => readFile(join(folder, file), 'utf8')));
}

/** The operations that the schema folder keeps for people, as tabs of the explorer; those of clients lie in folders beside them. */
export async function readExamples(supergraphFile: string): Promise<{ query: string }[]> {
  const folder = join(dirname(supergraphFile), 'operations');
  const files = await readdir(folder).catch(() => []);
  return Promise.all(files.filter((file) => file.endsWith('.graphql')).sort().map(async (file) => ({ query: await readFile(join(folder, file), 'utf8') })));
}
