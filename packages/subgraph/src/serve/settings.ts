import { privateKeySetting, publicKeysSetting, serviceKeys, serviceKeyVariable, serviceUrls, type ServiceKeys, type ServiceUrls } from '@quanyu/calls';
import { subgraphUrls, type SubgraphDatabaseUrls } from '@quanyu/database';
import { Vault } from '@quanyu/pii';
import { address, integer, oneOf, port, readSettings, text, tracingOf, tracingTable, type SettingsTable, type TracingSettings } from '@quanyu/settings';

const ROLES = ['both', 'serve', 'work'] as const;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Settings of one process of a subgraph. */
export interface SubgraphSettings {
  readonly role: typeof ROLES[number];
  readonly host: string;
  readonly port: number;
  readonly databaseUrls: SubgraphDatabaseUrls;
  readonly jobsDatabaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly keys: ServiceKeys;
  readonly services: ServiceUrls;
  /** Where to hand events in, if not at `services`. */
  readonly eventDoors: ServiceUrls;
  /** Where gateways answer calls; empty where nobody has said. */
  readonly gateways: readonly string[];
  readonly vault: Vault;
  readonly drainGraceMs: number;
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly tracing: TracingSettings | null;
  readonly logLevel: typeof LOG_LEVELS[number];
  readonly kill: { readonly at?: string; readonly trace?: string } | null;
}

/** Name of the variable with a subgraph's database, such as `ORDERS_DATABASE_URL`. */
export const databaseVariable = (subgraph: string): `${string}_DATABASE_URL` => `${subgraph.toUpperCase()}_DATABASE_URL`;

/** The variable of a subgraph's database, for its processes and for the step that makes its roles. */
export const databaseSetting = (subgraph: string) => address(['postgres', 'postgresql'], {
  what: `Database of ${subgraph}. With its password the roles \`${subgraph}_app\` and \`${subgraph}_system\` log in; the user that it names is not used.`,
  form: `postgres://${subgraph}:PASSWORD@HOST:5432/DATABASE`, secret: true,
});

/** What all processes say of the jobs' store. */
export const jobsDatabaseSetting = address(['postgres', 'postgresql'], {
  what: 'Database and role of the job queue; not needed with `REDIS_URL`.', form: 'postgres://jobs_app:PASSWORD@HOST:5432/DATABASE', fallback: null, secret: true,
});

/** All variables of a process of this subgraph. */
export const subgraphTable = (subgraph: string) => ({
  ROLE: oneOf(ROLES, { what: '`serve` answers queries, calls and webhooks; `work` relays events, takes them in and runs jobs; `both` does it all. Every role opens the event door and tells its health.', fallback: 'both' }),
  HOST: text({ what: 'Address to listen on; `0.0.0.0` in a container.', fallback: '127.0.0.1' }),
  PORT: port({ what: 'Port to listen on; 0 takes a free one.', fallback: 4000 }),
  [databaseVariable(subgraph)]: databaseSetting(subgraph),
  JOBS_DATABASE_URL: jobsDatabaseSetting,
  REDIS_URL: address(['redis', 'rediss'], { what: 'Redis for jobs and live hints; without it PostgreSQL does both.', fallback: null, secret: true }),
  [serviceKeyVariable(subgraph)]: privateKeySetting(subgraph),
  SERVICE_PUBLIC_KEYS: publicKeysSetting,
  SUBGRAPH_URLS: serviceUrls('Where each subgraph can be reached, the same text for each process; for a subgraph whose roles run apart, its `serve` processes.'),
  EVENT_URLS: serviceUrls('Where subgraphs take in events, if that is elsewhere: their `work` processes.', { fallback: new Map(), shown: 'as `SUBGRAPH_URLS`' }),
  GATEWAY_URLS: serviceUrls('Where gateways answer services, for what bridge asks the graph in a partner\'s name (`gateway=http://gateway:4000`); without it webhooks with a document wait.', { fallback: new Map(), shown: 'nowhere' }),
  PII_SEAL_KEYS: text({ what: 'Keys that seal personal data; the first one seals, all open.', form: 'id:base64,…', secret: true }),
  PII_INDEX_KEY: text({ what: 'Key of the blind index.', form: 'base64 of 32 bytes', secret: true }),
  DRAIN_GRACE_MS: integer({ from: 0, to: 10_000 }, { what: 'After SIGTERM: how long requests are still taken, so that callers can turn away unharmed.', fallback: 3_000 }),
  METRICS_PORT: port({ what: 'Where metrics are told, at `/metrics`, for machines of your own only.', fallback: null, shown: 'nowhere' }),
  METRICS_HOST: text({ what: 'Address for metrics.', fallback: '127.0.0.1' }),
  ...tracingTable(subgraph),
  LOG_LEVEL: oneOf(LOG_LEVELS, { what: 'How much is logged, to standard error.', fallback: 'info' }),
}) satisfies SettingsTable;

/** Values under names that are put together at run time. */
type Named = Readonly<Record<string, unknown>>;

/**
 * Reads and checks the settings of a process of a subgraph.
 * @throws SettingsError with one sentence a fault
 */
export function readSubgraphSettings(subgraph: string, environment: Readonly<Record<string, string | undefined>>): SubgraphSettings {
  const table = subgraphTable(subgraph);
  let keys: ServiceKeys | undefined;
  let vault: Vault | undefined;
  const values = readSettings(table, environment, (all) => [
    ...(all.REDIS_URL === null && all.JOBS_DATABASE_URL === null ? ['JOBS_DATABASE_URL is not set, nor is REDIS_URL: jobs need one of them.'] : []),
    ...attempt(serviceKeyVariable(subgraph), () => { keys = serviceKeys(subgraph, (all as Named)[serviceKeyVariable(subgraph)] as ServiceKeys['privateKey'], all.SERVICE_PUBLIC_KEYS); }),
    ...attempt('PII_SEAL_KEYS, PII_INDEX_KEY:', () => { vault = Vault.from({ sealKeys: all.PII_SEAL_KEYS, indexKey: all.PII_INDEX_KEY }); }),
  ]);
  const databaseUrl = (values as Named)[databaseVariable(subgraph)] as string;
  const { QUANYU_KILL_AT: at, QUANYU_KILL_TRACE: trace } = environment;
  return {
    role: values.ROLE, host: values.HOST, port: values.PORT,
    databaseUrls: subgraphUrls(databaseUrl, subgraph, () => passwordOf(databaseUrl)),
    jobsDatabaseUrl: values.JOBS_DATABASE_URL, redisUrl: values.REDIS_URL,
    keys: keys!, services: values.SUBGRAPH_URLS, eventDoors: values.EVENT_URLS, gateways: values.GATEWAY_URLS.get('gateway') ?? [], vault: vault!,
    drainGraceMs: values.DRAIN_GRACE_MS,
    metrics: values.METRICS_PORT === null ? null : { host: values.METRICS_HOST, port: values.METRICS_PORT }, tracing: tracingOf(values), logLevel: values.LOG_LEVEL,
    // For tests that prove that a kill at any point loses nothing.
    kill: at === undefined && trace === undefined ? null : { at, trace },
  };
}

/** The password in a database's address. */
export const passwordOf = (databaseUrl: string): string => decodeURIComponent(new URL(databaseUrl).password);

function attempt(what: string, work: () => void): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return [`${what} ${(error as Error).message.replace(/\.$/, '')}.`];
  }
}
