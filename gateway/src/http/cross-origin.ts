import type { IncomingMessage } from 'node:http';

const METHODS = 'GET, POST, OPTIONS';
const REQUEST_HEADERS = 'accept-language, apollo-require-preflight, apollographql-client-name, authorization, content-type, x-api-key, x-request-id';
const ANSWER_HEADERS = 'ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id';

/** The headers that let a page of another origin read the answer; none for an origin that is not on the list. */
export function crossOriginHeaders(request: IncomingMessage, allowed: readonly string[]): Readonly<Record<string, string>> {
  const { origin } = request.headers;
  if (allowed.length === 0) return {};
  if (origin === undefined || !allowed.includes(origin)) return { vary: 'origin' };
  return {
    vary: 'origin', 'access-control-allow-origin': origin, 'cross-origin-resource-policy': 'cross-origin', 'access-control-expose-headers': ANSWER_HEADERS,
    ...(request.method === 'OPTIONS' ? { 'access-control-allow-methods': METHODS, 'access-control-allow-headers': REQUEST_HEADERS, 'access-control-max-age': '600' } : {}),
  };
}

/** Whether a page of this origin may be where a request comes from: none (a program), our own, or one on the list. */
export function isWelcomeOrigin({ origin, host }: IncomingMessage['headers'], allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
