// An ask for stock, made sound before it is judged: whole quantities, and two lines of one SKU are one wish.

/** No order, and no level, counts beyond this. */
export const MOST_UNITS = 1_000_000_000;
/** Lines of one ask. */
export const MOST_LINES = 1_000;
/** A hold's end, when nobody says another. */
export const HOLD_MINUTES = 15;
export const MOST_HOLD_MINUTES = 7 * 24 * 60;
/** How much longer a payment in progress may keep a hold, once. */
export const EXTENSION_MINUTES = 5;

export interface Wanted { readonly skuId: string; readonly quantity: number }
export interface Shortage { readonly skuId: string; readonly asked: number; readonly available: number }

export type SoundLines =
  | { readonly kind: 'sound'; readonly lines: readonly Wanted[] }
  | { readonly kind: 'refused'; readonly code: 'QUANTITY_INVALID' | 'LINES_INVALID'; readonly line: number | null };

/** Checks lines and sums them by SKU: judged apart, two of one SKU could each pass and both together oversell. */
export function soundLines(wanted: readonly Wanted[]): SoundLines {
  if (wanted.length === 0 || wanted.length > MOST_LINES) return { kind: 'refused', code: 'LINES_INVALID', line: null };
  const sums = new Map<string, number>();
  for (const [n, { skuId, quantity }] of wanted.entries()) {
    const sum = (sums.get(skuId) ?? 0) + quantity;
    if (!Number.isSafeInteger(quantity) || quantity < 1 || sum > MOST_UNITS) return { kind: 'refused', code: 'QUANTITY_INVALID', line: n };
    sums.set(skuId, sum);
  }
  return { kind: 'sound', lines: [...sums].map(([skuId, quantity]) => ({ skuId, quantity })) };
}
