import { createHash } from 'node:crypto';
import type { Verdict } from './channel.js';

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
