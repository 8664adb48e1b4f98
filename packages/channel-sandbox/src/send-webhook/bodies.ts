import { textParts } from './json-text.js';

/** A body to be sent, and what was found out about it. */
export interface Body {
  readonly bytes: Uint8Array | string;
  readonly topic: string;
  /** How the order is called, when it is one. */
  readonly order: string | null;
  /** Sentences for whoever sends it. */
  readonly remarks: readonly string[];
}

const UNWRAPPED = 'The file holds {"order": {…}}, as the API answers; webhooks carry the bare order, so that is sent.';
const BY_FILE_NAME = /^orders-(create|paid|updated|cancelled)\b/;

/** Reads a file into bodies: API answers (`{"order": {…}}`, `{"orders": […]}`) are unwrapped, since webhooks carry the bare order. */
export function bodiesOf(bytes: Uint8Array, fileName: string, topic?: string): Body[] {
  const text = new TextDecoder().decode(bytes);
  const parsed = parse(text);
  if (parsed === undefined)
    return [{ bytes, topic: topic ?? 'orders/create', order: null, remarks: ['The file is no JSON; it is sent as it is.'] }];
  const one = (body: Uint8Array | string, value: unknown, remarks: string[]): Body => {
    const [chosen, why] = topic === undefined ? topicOf(value, fileName) : [topic, 'as asked'];
    return { bytes: body, topic: chosen, order: callOf(value), remarks: [...remarks, `Topic ${chosen} (${why}).`] };
  };
  if (isObject(parsed) && isObject(parsed['order']))
    return [one(textParts(text).get('order') ?? '', parsed['order'], [UNWRAPPED])];
  if (isObject(parsed) && Array.isArray(parsed['orders'])) {
    const orders: readonly unknown[] = parsed['orders'];
    const texts = textParts(textParts(text).get('orders') ?? '[]');
    return orders.map((order, at) =>
      one(texts.get(String(at)) ?? '', order, [`The file holds {"orders": […]}; this is ${at + 1} of ${orders.length}.`]));
  }
  return [one(bytes, parsed, [])];
}

function topicOf(order: unknown, fileName: string): [topic: string, why: string] {
  if (isObject(order) && order['cancelled_at']) return ['orders/cancelled', 'the order has cancelled_at'];
  const [, fromName] = BY_FILE_NAME.exec(fileName) ?? [];
  if (fromName !== undefined) return [`orders/${fromName}`, "by the file's name"];
  return ['orders/create', 'the default; --topic sends another'];
}

function callOf(order: unknown): string | null {
  if (!isObject(order)) return null;
  const { name, id } = order;
  if (typeof name === 'string' && name !== '') return name;
  return typeof id === 'number' ? String(id) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
