import { fileURLToPath } from 'node:url';
import { privateKeySetting, publicKeysSetting, serviceKeys, serviceKeyVariable, serviceUrls, type ServiceKeys, type ServiceUrls } from '@quanyu/calls';
import { address, Fault, integer, oneOf, parsed, port, readSettings, text, tracingOf, tracingTable, type SettingsTable, type TracingSettings } from '@quanyu/settings';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet } from 'jose';
import type { GatewayIssuer } from './authenticator.js';
import { limitTable, type LimitValues } from './limits/limit-settings.js';

/** A path that the gateway hands on as it is, and to which subgraph. */
export interface PublicRoute { readonly path: string; readonly subgraph: string }

/** Settings of one gateway process. */
export interface GatewaySettings {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly supergraphFile: string;
  readonly explorer: boolean;
  readonly issuer: GatewayIssuer;
  /** Whose tokens name shoppers. */
  readonly memberIssuers: readonly GatewayIssuer[];
  readonly keys: ServiceKeys;
  readonly services: ServiceUrls;
  readonly publicRoutes: readonly PublicRoute[];
  readonly shareReads: boolean;
  readonly limits: LimitValues;
  readonly proxies: number;
  readonly answerCacheMegabytes: number;
  readonly mcp: 'all' | 'read' | 'off';
  readonly allowedOrigins: readonly string[];
  readonly drainGraceMs: number;
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly tracing: TracingSettings | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** Where the outside platforms talk to, and where files are fetched by links of ours. */
const PUBLIC_ROUTES: readonly PublicRoute[] = [{ path: '/webhooks', subgraph: 'bridge' }, { path: '/webhook', subgraph: 'bridge' }, { path: '/oauth', subgraph: 'bridge' }, { path: '/order-exports', subgraph: 'orders' }];

/** Who issues the tokens of shoppers: mini-programs and H5 sign in there. Which tenant an issuer belongs to is told to members, see `npm run tenant`. */
export const memberIssuersSetting = parsed({ what: 'Who issues the tokens of shoppers, each with an address of its keys or the keys themselves; see `npm run tenant -- --member-issuer`.', form: '[{"issuer":"https://…","audience":"…","jwksUrl":"https://…"}]', fallback: [], shown: 'none' }, readMemberIssuers);

/** All variables of a gateway. */
export const gatewayTable = {
  NODE_ENV: oneOf(['development', 'test', 'production'], { what: 'In `production` introspection and explorer are off, and only trusted documents run.', fallback: 'development' }),
  HOST: text({ what: 'Address to listen on; `0.0.0.0` in a container.', fallback: '127.0.0.1' }),
  PORT: port({ what: 'Port to listen on; 0 takes a free one.', fallback: 4000 }),
  SUPERGRAPH_FILE: text({ what: 'The composed supergraph.', form: 'path', fallback: fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url)), shown: 'schema/supergraph.graphql' }),
  EXPLORER: oneOf(['on', 'off', 'auto'], { what: 'GraphiQL at `/explorer`; `auto` has it outside production.', fallback: 'auto' }),
  OIDC_ISSUER: text({ what: 'Who issues the tokens of staff: what they name as `iss`.', form: 'https://…' }),
  OIDC_AUDIENCE: text({ what: 'What tokens must name as `aud`.' }),
  OIDC_JWKS_URL: address(['https', 'http'], { what: "The issuer's public keys; or `OIDC_JWKS`.", fallback: null }),
  OIDC_JWKS: parsed({ what: "The issuer's public keys themselves, where there is no address for them.", form: '{"keys":[…]}', fallback: null }, readJwks),
  MEMBER_ISSUERS: memberIssuersSetting,
  [serviceKeyVariable('gateway') as 'GATEWAY_SERVICE_KEY']: privateKeySetting('gateway'),
  SERVICE_PUBLIC_KEYS: publicKeysSetting,
  SUBGRAPH_URLS: serviceUrls('Where each subgraph can be reached.'),
  PUBLIC_ROUTES: parsed({ what: 'Paths that are handed on as they are, and to which subgraph.', form: '/path=subgraph,…', fallback: PUBLIC_ROUTES, shown: PUBLIC_ROUTES.map(({ path, subgraph }) => `${path}=${subgraph}`).join(',') }, readRoutes),
  SHARE_READS: oneOf(['on', 'off'], { what: 'Equal queries of the same rights that are under way at the same time are one; who joins may miss the newest change.', fallback: 'off' }),
  ...limitTable,
  DRAIN_GRACE_MS: integer({ from: 0, to: 10_000 }, { what: 'After SIGTERM: how long requests are still taken, so that balancers can turn away unharmed.', fallback: 3_000 }),
  METRICS_PORT: port({ what: 'Where metrics are told, at `/metrics`, for machines of your own only.', fallback: null, shown: 'nowhere' }),
  METRICS_HOST: text({ what: 'Address for metrics.', fallback: '127.0.0.1' }),
  ...tracingTable('gateway'),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error'], { what: 'How much is logged, to standard error.', fallback: 'info' }),
} satisfies SettingsTable;

/**
 * Reads and checks the settings of a gateway.
 * @throws SettingsError with one sentence a fault
 */
export function readEnvironment(environment: NodeJS.ProcessEnv = process.env): GatewaySettings {
  let keys: ServiceKeys | undefined;
  const values = readSettings(gatewayTable, environment, (all) => {
    const faults: string[] = [];
    if ((all.OIDC_JWKS_URL === null) === (all.OIDC_JWKS === null)) faults.push('OIDC_JWKS_URL or OIDC_JWKS must be set, one of the two.');
    for (const { path, subgraph } of all.PUBLIC_ROUTES) if (!all.SUBGRAPH_URLS.has(subgraph)) faults.push(`PUBLIC_ROUTES sends ${path} to ${subgraph}, which SUBGRAPH_URLS does not name.`);
    try {
      keys = serviceKeys('gateway', all.GATEWAY_SERVICE_KEY, all.SERVICE_PUBLIC_KEYS);
    } catch (error) {
      faults.push(`GATEWAY_SERVICE_KEY ${(error as Error).message}.`);
    }
    return faults;
  });
  const production = values.NODE_ENV === 'production';
  return {
    production, host: values.HOST, port: values.PORT, supergraphFile: values.SUPERGRAPH_FILE,
    explorer: values.EXPLORER === 'auto' ? !production : values.EXPLORER === 'on',
    issuer: {
      issuer: values.OIDC_ISSUER, audience: values.OIDC_AUDIENCE,
      jwks: values.OIDC_JWKS === null ? createRemoteJWKSet(new URL(values.OIDC_JWKS_URL!)) : createLocalJWKSet(values.OIDC_JWKS),
    },
    memberIssuers: values.MEMBER_ISSUERS,
    keys: keys!, services: values.SUBGRAPH_URLS, publicRoutes: values.PUBLIC_ROUTES, shareReads: values.SHARE_READS === 'on',
    limits: values, proxies: values.TRUSTED_PROXIES, answerCacheMegabytes: values.ANSWER_CACHE_MB, mcp: values.MCP, allowedOrigins: values.ALLOWED_ORIGINS, drainGraceMs: values.DRAIN_GRACE_MS,
    metrics: values.METRICS_PORT === null ? null : { host: values.METRICS_HOST, port: values.METRICS_PORT }, tracing: tracingOf(values), logLevel: values.LOG_LEVEL,
  };
}

function readMemberIssuers(given: string): readonly GatewayIssuer[] | Fault {
  const text = (value: unknown): value is string => typeof value === 'string' && value !== '';
  try {
    return (JSON.parse(given) as Record<string, unknown>[]).map(({ issuer, audience, jwksUrl, jwks }) => {
      if (!text(issuer) || !text(audience) || text(jwksUrl) === (jwks !== undefined)) throw new Error();
      return { issuer, audience, kind: 'member', jwks: text(jwksUrl) ? createRemoteJWKSet(new URL(jwksUrl)) : createLocalJWKSet(jwks as JSONWebKeySet) };
    });
  } catch {
    return new Fault('must be a JSON list of issuers, each with issuer, audience, and jwksUrl or jwks');
  }
}

function readJwks(given: string): JSONWebKeySet | Fault {
  try {
    const set = JSON.parse(given) as JSONWebKeySet;
    createLocalJWKSet(set);
    return set;
  } catch {
    return new Fault('must be a JSON Web Key Set');
  }
}

function readRoutes(given: string): readonly PublicRoute[] | Fault {
  const routes: PublicRoute[] = [];
  for (const entry of given.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const [, path, subgraph] = /^(\/[\w-]+)=([a-z]+)$/.exec(entry) ?? [];
    if (path === undefined || subgraph === undefined) return new Fault('must be a list of /path=subgraph');
    routes.push({ path, subgraph });
  }
  return routes;
}
