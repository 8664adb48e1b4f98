import { address, Fault, integer, oneOf, parsed } from '@quanyu/settings';
import { shedAfter, USUAL_LIMITS, type Limits } from './gate.js';
import type { LimitSettings } from './limiting.js';
import { openRedisBuckets } from './redis-buckets.js';

/** What is set of a gateway wherever it runs, alone or with the house in one process: limits, kept answers, assistants. */
export const limitTable = {
  REDIS_URL: address(['redis', 'rediss'], { what: 'Redis for limits that all gateways share; without it each counts for itself.', fallback: null, secret: true }),
  TRUSTED_DOCUMENTS: oneOf(['on', 'off', 'auto'], { what: 'At `/graphql` only the documents in `operations/` beside the supergraph are run; `auto` is on in production.', fallback: 'auto' }),
  TRUSTED_PROXIES: integer({ from: 0, to: 5 }, { what: "Proxies of your own in front of the gateway, one behind the other: so many of the last addresses in X-Forwarded-For are believed.", fallback: 0 }),
  ALLOWED_ORIGINS: parsed({ what: 'Origins whose pages may ask the graph and open WebSockets.', form: 'https://admin.example,…', fallback: [], shown: 'none' }, readOrigins),
  MEMBER_REQUESTS_PER_SECOND: integer({ from: 1, to: 10_000 }, { what: 'Requests of one member; twice as many at once.', fallback: USUAL_LIMITS.perMember.perSecond }),
  ADDRESS_REQUESTS_PER_SECOND: integer({ from: 1, to: 100_000 }, { what: 'Requests of members and strangers from one address; twice as many at once.', fallback: USUAL_LIMITS.perAddress.perSecond }),
  PARTNER_POINTS_PER_SECOND: integer({ from: 1, to: 1_000_000 }, { what: 'Points of cost that one partner key gets; twenty seconds of them at once.', fallback: USUAL_LIMITS.partnerCost.perSecond }),
  BUSY_AFTER_MS: integer({ from: 50, to: 600_000 }, { what: 'How late the process may be before strangers are sent away with 503; partners at twice that, members at three times, staff at twenty.', fallback: USUAL_LIMITS.shedAfter.anonymous }),
  MCP: oneOf(['all', 'read', 'off'], { what: 'Assistants may call the trusted documents as tools at `/mcp`, with the rights of whoever they work for: all of them, or only those that read.', fallback: 'all' }),
  ANSWER_CACHE_MB: integer({ from: 0, to: 4_096 }, { what: 'Megabytes of answers that are kept where the schema allows it, until they are old or what they hold changes; 0 keeps none.', fallback: 32 }),
};

/** What `limitTable` reads to, as far as it is about how much anybody may ask. */
export interface LimitValues {
  readonly REDIS_URL: string | null;
  readonly TRUSTED_DOCUMENTS: 'on' | 'off' | 'auto';
  readonly MEMBER_REQUESTS_PER_SECOND: number;
  readonly ADDRESS_REQUESTS_PER_SECOND: number;
  readonly PARTNER_POINTS_PER_SECOND: number;
  readonly BUSY_AFTER_MS: number;
}

/** Opens the limits that settings mean; `close` when the gateway has been closed. */
export function openLimits(values: LimitValues, production: boolean, documents: readonly string[]): { readonly limits: LimitSettings; close(): void } {
  const redis = values.REDIS_URL === null ? undefined : openRedisBuckets(values.REDIS_URL);
  const limits: Partial<Limits> = {
    perMember: { perSecond: values.MEMBER_REQUESTS_PER_SECOND, burst: 2 * values.MEMBER_REQUESTS_PER_SECOND },
    perAddress: { perSecond: values.ADDRESS_REQUESTS_PER_SECOND, burst: 2 * values.ADDRESS_REQUESTS_PER_SECOND },
    partnerCost: { perSecond: values.PARTNER_POINTS_PER_SECOND, burst: 20 * values.PARTNER_POINTS_PER_SECOND },
    shedAfter: shedAfter(values.BUSY_AFTER_MS),
  };
  const onlyTrusted = values.TRUSTED_DOCUMENTS === 'auto' ? production : values.TRUSTED_DOCUMENTS === 'on';
  return { limits: { limits, documents, onlyTrusted, ...(redis && { buckets: redis.buckets }) }, close: () => redis?.close() };
}

function readOrigins(given: string): readonly string[] | Fault {
  const origins = given.split(',').map((origin) => origin.trim()).filter((origin) => origin !== '');
  const wrong = origins.find((origin) => !/^https?:\/\/[\w.-]+(?::\d+)?$/.test(origin));
  return wrong === undefined ? origins : new Fault('must be a list of origins such as https://admin.example, without a path');
}
