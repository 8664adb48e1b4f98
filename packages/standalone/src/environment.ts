import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { limitTable, memberIssuersSetting, type GatewayIssuer, type LimitValues } from '@quanyu/gateway';
import { readSettings, SettingsError } from '@quanyu/settings';
import type { TracingOptions } from '@quanyu/telemetry';
import { z } from 'zod';
import type { HouseDatabases } from './migrate/migrate-all.js';
import { readMigrateSettings } from './migrate/settings.js';
import { SetupError } from './setup-error.js';

const port = z.string().regex(/^\d{1,5}$/, 'a port is a number from 0 to 65535').transform(Number).refine((value) => value <= 65_535, 'a port is a number from 0 to 65535');

const shape = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  /** Where metrics are told, for machines of your own only; unset: nowhere. 0 takes a free port. */
  METRICS_PORT: port.optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  QUANYU_DATA: z.string().default('.quanyu'),
  /** A PostgreSQL of your own instead of the embedded one: a role that may create roles and schemas in that database. */
  DATABASE_ADMIN_URL: z.url().optional(),
  /** The composed supergraph; by default the one of this clone. */
  SUPERGRAPH_FILE: z.string().default(fileURLToPath(new URL('../../../schema/supergraph.graphql', import.meta.url))),
  /** `kid:base64,kid2:base64`, the first one seals; 32 bytes each. */
  PII_SEAL_KEYS: z.string().optional(),
  PII_INDEX_KEY: z.string().optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_JWKS_URL: z.url().optional(),
  /** The base URL of an OTLP receiver; unset: nothing is traced, and OpenTelemetry not even loaded. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_SERVICE_NAME: z.string().default('quanyu'),
  /** Share of the traces to keep. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  /** Jobs are kept there when it is set, else in PostgreSQL. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Processes beside that of the doors which relay events, take them in and run jobs; 0: all in one. */
  WORKERS: z.enum(['0', '1']).default('1').transform(Number),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('warn'),
  /** For tests that prove that a kill at any point loses nothing. */
  QUANYU_KILL_AT: z.string().optional(),
  QUANYU_KILL_TRACE: z.string().optional(),
});

/** Settings of one run. */
export interface Environment {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly tracing: TracingOptions | null;
  readonly redisUrl: string | null;
  /** How many processes work beside the one that has the doors. */
  readonly workers: number;
  /** As the gateway reads them when it runs apart. */
  readonly limits: LimitValues & { readonly TRUSTED_PROXIES: number; readonly ANSWER_CACHE_MB: number; readonly MCP: 'all' | 'read' | 'off'; readonly ALLOWED_ORIGINS: readonly string[] };
  /** Whose tokens name shoppers. */
  readonly memberIssuers: readonly GatewayIssuer[];
  readonly dataDir: string;
  /** PostgreSQL's own folder; null where the usual one, below `dataDir`, is to be taken if it can be reached. */
  readonly postgresDir: string | null;
  readonly demo: boolean;
  readonly databaseAdminUrl: string | null;
  readonly supergraphFile: string;
  readonly sealKeys: string | null;
  readonly indexKey: string | null;
  readonly oidc: { readonly issuer: string; readonly audience: string; readonly jwksUrl: string } | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly kill: { readonly at?: string; readonly trace?: string } | null;
}

/** Settings of a house that runs apart on this machine. */
export interface ApartEnvironment extends Environment {
  /** How many processes of each kind. */
  readonly instances: number;
  /** Subgraphs that serve and work in processes of their own. */
  readonly split: readonly string[];
  /** Without a Redis the start fails, instead of doing without. */
  readonly requireRedis: boolean;
  readonly withRedis: boolean;
  readonly drainGraceMs: string | undefined;
  /** `MEMBER_ISSUERS` as it was given, for the gateways to read. */
  readonly memberIssuersText: string | null;
  /** What was given of `limitTable`, for the gateways to read. */
  readonly limitTexts: Readonly<Record<string, string | undefined>>;
}

const APART_FLAGS = { instances: { type: 'string' }, split: { type: 'string' }, 'no-redis': { type: 'boolean' } } as const;

/** The same for `npm run start:apart`. */
export function readApartEnvironment(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): ApartEnvironment {
  const { instances = '1', split = '', 'no-redis': noRedis = false } = parseFlags(argv, APART_FLAGS);
  if (!/^[1-4]$/.test(instances)) throw new SetupError('--instances takes 1 to 4.');
  const common = readEnvironment(argv, env, APART_FLAGS);
  return {
    ...common, instances: Number(instances), split: split.split(',').filter((name) => name !== ''),
    requireRedis: env.REQUIRE_REDIS === '1', withRedis: !noRedis, drainGraceMs: env.DRAIN_GRACE_MS,
    memberIssuersText: env.MEMBER_ISSUERS ?? null,
    limitTexts: Object.fromEntries(Object.keys(limitTable).filter((name) => name !== 'REDIS_URL').map((name) => [name, env[name]])),
  };
}

/** Reads the command line and the environment; one sentence for each fault. */
export function readEnvironment(argv: readonly string[], env: NodeJS.ProcessEnv = process.env, moreFlags: Flags = {}): Environment {
  const { data: dataFlag, port: portFlag, 'no-demo': noDemo } = parseFlags(argv, moreFlags);
  for (const [flag, value] of Object.entries({ data: dataFlag, port: portFlag })) if (value === '') throw new SetupError(`--${flag} needs a value.`);
  const parsed = shape.safeParse({ ...withoutEmpty(env), ...(portFlag !== undefined && { PORT: portFlag }), ...(dataFlag !== undefined && { QUANYU_DATA: dataFlag }) });
  if (!parsed.success) throw new SetupError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`).join('\n'));
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  const oidcParts = [values.OIDC_ISSUER, values.OIDC_AUDIENCE, values.OIDC_JWKS_URL];
  if (oidcParts.some(Boolean) && !oidcParts.every(Boolean)) throw new SetupError('OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL belong together: set all three or none.');
  if (production && values.OIDC_ISSUER === undefined) throw new SetupError('Production needs an issuer of tokens: set OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL. The development issuer does not exist there.');
  if ((values.PII_SEAL_KEYS === undefined) !== (values.PII_INDEX_KEY === undefined)) throw new SetupError('PII_SEAL_KEYS and PII_INDEX_KEY belong together: set both or none.');
  return {
    production,
    host: values.HOST,
    port: values.PORT,
    metrics: values.METRICS_PORT === undefined ? null : { host: values.METRICS_HOST, port: values.METRICS_PORT },
    tracing: values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? null : { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT, service: values.OTEL_SERVICE_NAME, sampleRatio: values.OTEL_TRACES_SAMPLER_ARG },
    redisUrl: values.REDIS_URL ?? null,
    workers: values.WORKERS,
    limits: readLimits(env),
    memberIssuers: readMemberIssuers(env),
    dataDir: resolve(values.QUANYU_DATA),
    postgresDir: dataFlag === undefined && !env.QUANYU_DATA ? null : join(resolve(values.QUANYU_DATA), 'postgres'),
    demo: !noDemo && !production && values.OIDC_ISSUER === undefined,
    databaseAdminUrl: values.DATABASE_ADMIN_URL ?? null,
    supergraphFile: values.SUPERGRAPH_FILE,
    sealKeys: values.PII_SEAL_KEYS ?? null,
    indexKey: values.PII_INDEX_KEY ?? null,
    oidc: values.OIDC_ISSUER === undefined ? null : { issuer: values.OIDC_ISSUER, audience: values.OIDC_AUDIENCE!, jwksUrl: values.OIDC_JWKS_URL! },
    logLevel: values.LOG_LEVEL,
    kill: values.QUANYU_KILL_AT === undefined && values.QUANYU_KILL_TRACE === undefined ? null : { at: values.QUANYU_KILL_AT, trace: values.QUANYU_KILL_TRACE },
  };
}

function readLimits(env: NodeJS.ProcessEnv): Environment['limits'] {
  try {
    return readSettings(limitTable, env);
  } catch (error) {
    throw error instanceof SettingsError ? new SetupError(error.message) : error;
  }
}

function readMemberIssuers(env: NodeJS.ProcessEnv): readonly GatewayIssuer[] {
  try {
    return readSettings({ MEMBER_ISSUERS: memberIssuersSetting }, env).MEMBER_ISSUERS;
  } catch (error) {
    throw error instanceof SettingsError ? new SetupError(error.message) : error;
  }
}

/** Set to nothing is not set: that is how compose files and scripts leave a variable out. */
const withoutEmpty = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

/** Flags of a command beside those that every one has. */
export type Flags = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

/** Reads the command line; one sentence for what is not known. */
export function parseFlags<More extends Flags>(argv: readonly string[], more: More) {
  const options = { data: { type: 'string' }, port: { type: 'string' }, 'no-demo': { type: 'boolean' }, ...more } as const;
  try {
    // `--` is npm's; whoever runs the script without npm often leaves it there.
    return parseArgs({ args: argv[0] === '--' ? argv.slice(1) : [...argv], options, allowPositionals: false }).values as { readonly data?: string; readonly port?: string; readonly 'no-demo'?: boolean } & { readonly [Flag in keyof More]?: More[Flag]['type'] extends 'string' ? string : boolean };
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\nKnown: --no-demo, --data DIR, --port N${Object.entries(more).map(([flag, { type }]) => `, --${flag}${type === 'string' ? ' …' : ''}`).join('')}.`);
  }
}

/** Settings of the step that makes roles and runs migrations. */
export const readMigrateEnvironment = (): HouseDatabases => readMigrateSettings(process.env);
