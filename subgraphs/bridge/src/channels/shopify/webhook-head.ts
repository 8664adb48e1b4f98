import type { IncomingHttpHeaders } from 'node:http';
import type { WebhookHead } from '../channel.js';

const TOPIC = /^[a-z0-9_]{1,40}(\/[a-z0-9_]{1,40}){1,2}$/;
const ID = /^[\x21-\x7e]{1,128}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/;

/** A header that is there once and of this form. */
const header = (headers: IncomingHttpHeaders, name: string, form: RegExp): string | null => {
  const value = headers[name];
  return typeof value === 'string' && form.test(value) ? value : null;
};

/** Reads Shopify's headers. They are outside the signature, so a strange one is taken for missing and refuses nothing. */
export function webhookHead(headers: IncomingHttpHeaders): WebhookHead {
  const topic = header(headers, 'x-shopify-topic', TOPIC) ?? 'unknown';
  // The event id is shared by all deliveries of one event; with the topic it does where the delivery's own id is missing.
  const id = header(headers, 'x-shopify-webhook-id', ID) ?? header(headers, 'x-shopify-event-id', ID);
  const triggeredAt = new Date(header(headers, 'x-shopify-triggered-at', INSTANT) ?? Number.NaN);
  return { topic, dedupeKey: id === null ? null : `${id} ${topic}`, triggeredAt: Number.isNaN(triggeredAt.getTime()) ? null : triggeredAt };
}
