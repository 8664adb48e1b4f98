import { PlatformError } from '../../outbound/platform-error.js';
import type { PlatformAnswer } from '../../outbound/outbound.js';
import type { ClientContext } from '../connector.js';

/** How dear a query may be before Shopify refuses it outright. */
const MOST_POINTS = 1000;

interface ThrottleStatus { readonly maximumAvailable: number; readonly currentlyAvailable: number; readonly restoreRate: number }
interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
  readonly extensions?: { readonly cost?: { readonly requestedQueryCost?: number; readonly throttleStatus?: ThrottleStatus } };
}

/** What a query gave, and the version that answered it. */
export interface GraphAnswer<Data> { readonly data: Data; readonly apiVersion: string | null }

/** Asks a shop's Admin API, within its budget of points: each answer says what is left of it. */
export async function ask<Data>({ account, line }: ClientContext, query: string, variables: object, { points, repeatable }: { readonly points: number; readonly repeatable: boolean }): Promise<GraphAnswer<Data>> {
  const answer = await line.send({
    method: 'POST',
    url: `https://${account.shopDomain}/admin/api/${account.settings['apiVersion']}/graphql.json`,
    headers: { 'content-type': 'application/json', 'x-shopify-access-token': account.secrets['accessToken'] ?? '' },
    body: JSON.stringify({ query, variables }),
    repeatable, cost: Math.min(points, MOST_POINTS),
    judge: (answered) => {
      if (answered.status !== 200) return undefined;
      const read = parse(answered);
      learn(line, read);
      return refusalOf(read);
    },
  });
  return { data: parse(answer).data as Data, apiVersion: answer.headers['x-shopify-api-version'] ?? null };
}

function parse({ body }: PlatformAnswer): Answer {
  try {
    const read = JSON.parse(body.toString()) as Answer | null;
    if (typeof read === 'object' && read !== null) return read;
  } catch (cause) {
    throw new PlatformError('ANSWER_INVALID', { cause });
  }
  throw new PlatformError('ANSWER_INVALID');
}

function learn(line: ClientContext['line'], { extensions }: Answer): void {
  const status = extensions?.cost?.throttleStatus;
  if (status === undefined) return;
  line.bucket.learn({ remaining: status.currentlyAvailable, rate: { burst: status.maximumAvailable, perSecond: status.restoreRate } });
}

/** Shopify answers 200 also to what it throttles or refuses. */
function refusalOf({ errors, extensions, data }: Answer): PlatformError | undefined {
  const code = errors?.[0]?.extensions?.code;
  if (code === 'THROTTLED') {
    const { requestedQueryCost = MOST_POINTS, throttleStatus } = extensions?.cost ?? {};
    const missing = throttleStatus === undefined ? 1 : (requestedQueryCost - throttleStatus.currentlyAvailable) / throttleStatus.restoreRate;
    return new PlatformError('THROTTLED', { retryAfterMs: Math.max(0, Math.ceil(missing * 1000)) });
  }
  if (code === 'ACCESS_DENIED') return new PlatformError('CREDENTIALS_REFUSED', { platformCode: code });
  if (errors !== undefined && errors.length > 0) return new PlatformError('REQUEST_REFUSED', { ...(code !== undefined && { platformCode: code }) });
  return data === undefined || data === null ? new PlatformError('ANSWER_INVALID') : undefined;
}

/** @throws PlatformError when the shop refused what a mutation asked. */
export function refuseUserErrors(errors: readonly { readonly code?: string | null }[]): void {
  const [first] = errors;
  if (first !== undefined) throw new PlatformError('REQUEST_REFUSED', { platformCode: first.code ?? 'USER_ERROR' });
}

/** The number at the end of `gid://shopify/Order/1`: what webhooks call the same thing. */
export const numberOf = (gid: string): string => gid.slice(gid.lastIndexOf('/') + 1);
