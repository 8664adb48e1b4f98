import type { IncomingHttpHeaders } from 'node:http';
import type { Channel, WebhookHead } from '../channel.js';
import { isSigned } from './signer.js';

/** Which headers a platform speaks in, in lower case. */
export interface HeaderNames {
  readonly signature: string;
  readonly shop: string;
  readonly topic: string;
  /** Ids of the delivery; the first that is there counts. */
  readonly ids: readonly string[];
  /** Null where the platform does not say when it happened. */
  readonly triggeredAt: string | null;
}

const TOPIC = /^[a-z0-9_]{1,40}(\/[a-z0-9_]{1,40}){1,2}$/;
const ID = /^[\x21-\x7e]{1,128}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/;

/** The check of a platform that signs the body, and only the body, with a secret it shares with us. */
export const signedWebhook = (names: HeaderNames, shopDomainOf: Channel['shopDomainOf']): Channel['verify'] => ({ headers, body }, { secrets, shopDomain }) => {
  const signature = headers[names.signature];
  if (typeof signature !== 'string' || signature === '') return { kind: 'refused', reason: 'SIGNATURE_MISSING' };
  if (!isSigned(body, signature, secrets)) return { kind: 'refused', reason: 'SIGNATURE_WRONG' };
  // One app's secret signs for all its shops: another shop's genuine webhook must not become an order here.
  const shop = headers[names.shop];
  if (shopDomain !== null && shop !== undefined && shopDomainOf(String(shop)) !== shopDomain) return { kind: 'refused', reason: 'SHOP_MISMATCH' };
  return { kind: 'genuine', head: headOf(headers, names) };
};

/** The headers are outside the signature, so a strange one is taken for missing and refuses nothing. */
function headOf(headers: IncomingHttpHeaders, names: HeaderNames): WebhookHead {
  const topic = header(headers, names.topic, TOPIC) ?? 'unknown';
  const id = names.ids.map((name) => header(headers, name, ID)).find((found) => found !== null) ?? null;
  const triggeredAt = new Date((names.triggeredAt === null ? null : header(headers, names.triggeredAt, INSTANT)) ?? Number.NaN);
  // With the topic: a platform may give all that it sends for one event the same id.
  return { topic, dedupeKey: id === null ? null : `${id} ${topic}`, triggeredAt: Number.isNaN(triggeredAt.getTime()) ? null : triggeredAt };
}

/** A header that is there once and of this form. */
function header(headers: IncomingHttpHeaders, name: string, form: RegExp): string | null {
  const value = headers[name];
  return typeof value === 'string' && form.test(value) ? value : null;
}
