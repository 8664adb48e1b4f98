import { fileURLToPath } from 'node:url';
import { serviceKeyVariable, type ServiceKeyTexts } from '@quanyu/calls';
import { databaseVariable } from '@quanyu/subgraph';
import { AUDIENCE, DEVELOPMENT_ISSUER, DEVELOPMENT_MEMBER_ISSUER, publicKeysOf } from '../development-issuer.js';
import { OPERATOR } from '../make-secrets/make-secrets.js';
import { rolePassword, type Secrets } from '../secrets.js';
import { subgraphs } from '../subgraphs.js';
import type { Part } from './child.js';

/** Who needs a service key. */
export const SERVICES: readonly string[] = [...subgraphs.map(({ name }) => name), 'gateway', OPERATOR];

/** What the processes of a house are made from. */
export interface PlanInput {
  readonly instances: number;
  readonly split: readonly string[];
  readonly adminUrl: string;
  readonly redisUrl: string | null;
  readonly jobsUrl: string;
  readonly secrets: Secrets & { readonly serviceKeys: Readonly<Record<string, ServiceKeyTexts>> };
  readonly supergraphFile: string;
  /** `MEMBER_ISSUERS` as it was given. */
  readonly memberIssuers: string | null;
  readonly oidc: { readonly issuer: string; readonly audience: string; readonly jwksUrl: string } | null;
  /** Where each process tells its metrics, in the order of the places; null where none does. */
  readonly metrics: { readonly host: string; readonly ports: readonly number[] } | null;
  /** Passed on to each process as it is. */
  readonly passed: Readonly<Record<string, string | undefined>>;
}

type Role = 'both' | 'serve' | 'work';
interface Place { readonly kind: string; readonly role: Role; readonly number: number }

const mainOf = (folder: string): string => fileURLToPath(new URL(`../../../../${folder}/dist/main.js`, import.meta.url));

/** The processes in the order of their ports: the gateways first. */
export function placesOf({ instances, split }: Pick<PlanInput, 'instances' | 'split'>): Place[] {
  const rolesOf = (name: string): readonly Role[] => (split.includes(name) ? ['serve', 'work'] : ['both']);
  const kinds: { kind: string; role: Role }[] = [{ kind: 'gateway', role: 'both' }, ...subgraphs.flatMap(({ name }) => rolesOf(name).map((role) => ({ kind: name, role })))];
  return Array.from({ length: instances }, (_, n) => n + 1).flatMap((number) => kinds.map((kind) => ({ ...kind, number })));
}

/** Each place with its port, its command and its settings. */
export function partsOf(input: PlanInput, places: readonly Place[], ports: readonly number[]): Part[] {
  const addressOf = (index: number): string => `http://127.0.0.1:${ports[index]}`;
  const urls = (wanted: (role: Role) => boolean): string => subgraphs.map(({ name }) =>
    `${name}=${places.flatMap(({ kind, role }, index) => (kind === name && wanted(role) ? [addressOf(index)] : [])).join('|')}`).join(',');
  const shared = {
    SUBGRAPH_URLS: urls((role) => role !== 'work'),
    EVENT_URLS: urls((role) => role !== 'serve'),
    GATEWAY_URLS: `gateway=${places.flatMap(({ kind }, index) => (kind === 'gateway' ? [addressOf(index)] : [])).join('|')}`,
    SERVICE_PUBLIC_KEYS: SERVICES.map((service) => `${service}:${input.secrets.serviceKeys[service]!.publicKey}`).join(','),
    ...present(input.passed),
  };
  return places.map(({ kind, role, number }, index) => {
    const key = { [serviceKeyVariable(kind)]: input.secrets.serviceKeys[kind]!.privateKey };
    const label = `${kind}${input.instances > 1 ? `-${number}` : ''}${role === 'both' ? '' : ` ${role}`}`;
    const port = ports[index]!;
    const metricsPort = input.metrics?.ports[index];
    const own = { ...shared, ...key, PORT: String(port), ...(metricsPort !== undefined && { METRICS_PORT: String(metricsPort), METRICS_HOST: input.metrics!.host }) };
    return kind === 'gateway'
      ? { label, port, metricsPort, main: mainOf('gateway'), env: { ...own, ...gatewayEnv(input) } }
      : { label, port, metricsPort, main: mainOf(`subgraphs/${kind}`), env: { ...own, ...subgraphEnv(input, kind), ROLE: role } };
  });
}

const gatewayEnv = ({ oidc, memberIssuers, supergraphFile, secrets, redisUrl }: PlanInput): Record<string, string> => ({
  SUPERGRAPH_FILE: supergraphFile,
  ...(redisUrl !== null && { REDIS_URL: redisUrl }),
  ...(memberIssuers !== null && { MEMBER_ISSUERS: memberIssuers }),
  ...(oidc === null
    ? {
      OIDC_ISSUER: DEVELOPMENT_ISSUER, OIDC_AUDIENCE: AUDIENCE, OIDC_JWKS: JSON.stringify(publicKeysOf(secrets.issuerKey)),
      MEMBER_ISSUERS: JSON.stringify([...JSON.parse(memberIssuers ?? '[]') as unknown[], { issuer: DEVELOPMENT_MEMBER_ISSUER, audience: AUDIENCE, jwks: publicKeysOf(secrets.issuerKey) }]),
    }
    : { OIDC_ISSUER: oidc.issuer, OIDC_AUDIENCE: oidc.audience, OIDC_JWKS_URL: oidc.jwksUrl }),
});

function subgraphEnv({ adminUrl, redisUrl, jobsUrl, secrets }: PlanInput, name: string): Record<string, string> {
  const database = new URL(adminUrl);
  database.username = name;
  database.password = encodeURIComponent(rolePassword(secrets)(name));
  return {
    [databaseVariable(name)]: database.href, JOBS_DATABASE_URL: jobsUrl, ...(redisUrl !== null && { REDIS_URL: redisUrl }),
    PII_SEAL_KEYS: secrets.sealKeys, PII_INDEX_KEY: secrets.indexKey,
  };
}

const present = (settings: PlanInput['passed']): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined));
