import { createHash } from 'node:crypto';
import type { Hint, Verdict } from '../channel.js';
import { parseJson } from '../reading/parse-json.js';

/** The topic of pushes that only say where to look. */
export const PUSHED = 'pushed';

/** A genuine push. @param ids the platform's own ids of what it tells; none where it has none */
export const genuinePush = (ids: readonly string[] = [], { unsigned = false } = {}): Verdict => ({
  kind: 'genuine', head: { topic: PUSHED, triggeredAt: null, ...(unsigned && { unsigned }), dedupeKey: ids.length === 0 ? null : `${PUSHED} ${ids.length === 1 && /^[\x21-\x7e]{1,128}$/.test(ids[0]!) ? ids[0]! : createHash('sha256').update(JSON.stringify(ids)).digest('base64url')}` },
});

export const refusedPush = (isThere: boolean): Verdict => ({ kind: 'refused', reason: isThere ? 'SIGNATURE_WRONG' : 'SIGNATURE_MISSING' });

/** What of a JSON body can be read; null where it cannot. */
export function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

export const headerOf = (headers: Readonly<Record<string, unknown>>, name: string): string => { const value = headers[name]; return typeof value === 'string' ? value : ''; };

/** The messages that a body holds, those of them that are any; null where it is no list. */
export function messagesIn(body: Buffer): readonly Readonly<Record<string, unknown>>[] | null {
  const told = readable(() => parseJson(body));
  return Array.isArray(told) ? told.filter((one) => typeof one === 'object' && one !== null) as readonly Readonly<Record<string, unknown>>[] : null;
}

/**
 * What messages point to, whose `data` is JSON in a text: the orders that they name, each once, and that goods have changed
 * where they name goods alone. @param pointsTo what one of them names
 */
export function hintsIn(body: Buffer, pointsTo: (told: Readonly<Record<string, unknown>>) => { readonly order: string | null; readonly goods: boolean }): readonly Hint[] | null {
  const named = messagesIn(body)?.flatMap(({ data }) => {
    const told = typeof data === 'string' ? readable(() => parseJson(Buffer.from(data))) : data;
    return typeof told === 'object' && told !== null ? [pointsTo(told as Readonly<Record<string, unknown>>)] : [];
  });
  if (named === undefined) return null;
  const orders = [...new Set(named.flatMap(({ order }) => order ?? []))];
  return [...orders.map((externalOrderId) => ({ kind: 'ORDER' as const, externalOrderId })), ...(named.some(({ order, goods }) => order === null && goods) ? [{ kind: 'GOODS' as const }] : [])];
}
