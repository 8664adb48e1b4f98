import { privateKeySetting, publicKeysSetting, serviceKeys, serviceKeyVariable, serviceUrls, type ServiceKeys, type ServiceUrls } from '@quanyu/calls';
import { readSettings } from '@quanyu/settings';
import { parseFlags, readEnvironment, type Environment } from '../environment.js';
import { OPERATOR } from '../make-secrets/make-secrets.js';
import { SetupError } from '../setup-error.js';

/** What the making of a merchant needs. */
export interface TenantEnvironment {
  readonly tenant: { readonly name: string; readonly timeZone?: string; readonly baseCurrency?: string; readonly owner: { readonly issuer: string; readonly subject: string; readonly name: string }; readonly partnerKey: null; readonly runsHouse: boolean };
  /** Whose tokens name its shoppers. */
  readonly memberIssuer: string | null;
  /** How access is asked where the house runs apart. */
  readonly apart: { readonly keys: ServiceKeys; readonly services: ServiceUrls } | null;
  /** The house of `npm start`. */
  readonly house: Environment;
}

const TENANT_FLAGS = { name: { type: 'string' }, issuer: { type: 'string' }, subject: { type: 'string' }, owner: { type: 'string' }, 'time-zone': { type: 'string' }, currency: { type: 'string' }, 'member-issuer': { type: 'string' }, 'runs-house': { type: 'boolean' } } as const;

/** Reads what `npm run tenant` is told. */
export function readTenantEnvironment(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): TenantEnvironment {
  const { name, issuer = env.OIDC_ISSUER, subject, owner, 'time-zone': timeZone, currency: baseCurrency, 'member-issuer': memberIssuer = null, 'runs-house': runsHouse = false } = parseFlags(argv, TENANT_FLAGS);
  if (!name || !issuer || !subject || !owner) throw new SetupError('--name "My studio" --issuer https://issuer.example --subject SUB-OF-THE-OWNERS-TOKENS --owner "Zhang San" are needed; --time-zone Asia/Shanghai and --currency CNY and --member-issuer https://shoppers.example and --runs-house may be given.');
  const isApart = Boolean(env.SUBGRAPH_URLS);
  return {
    tenant: { name, owner: { issuer, subject, name: owner }, partnerKey: null, runsHouse, ...(timeZone !== undefined && { timeZone }), ...(baseCurrency !== undefined && { baseCurrency }) },
    memberIssuer,
    apart: isApart ? readOperatorSettings(env) : null,
    house: readEnvironment(argv, isApart ? {} : { ...env, OIDC_ISSUER: undefined, OIDC_AUDIENCE: undefined, OIDC_JWKS_URL: undefined, NODE_ENV: undefined }, TENANT_FLAGS),
  };
}

function readOperatorSettings(env: NodeJS.ProcessEnv): NonNullable<TenantEnvironment['apart']> {
  const key = serviceKeyVariable(OPERATOR);
  const values = readSettings({ [key as 'OPERATOR_SERVICE_KEY']: privateKeySetting(OPERATOR), SERVICE_PUBLIC_KEYS: publicKeysSetting, SUBGRAPH_URLS: serviceUrls('Where access can be reached.') }, env);
  return { keys: serviceKeys(OPERATOR, values.OPERATOR_SERVICE_KEY, values.SERVICE_PUBLIC_KEYS), services: values.SUBGRAPH_URLS };
}
