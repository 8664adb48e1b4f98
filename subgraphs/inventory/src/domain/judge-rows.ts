// Rows of a file are judged in their order, each on what the ones before it have left: what is promised stays, unless a row says what was counted.
import type { ImportMode, RowRefusal } from './import-rows.js';

export interface CountedLevel { readonly onHand: number; readonly reserved: number; readonly unavailable: number; readonly allowance: number; readonly deficit: number }

const MOST_UNITS = 1_000_000_000;

/** Why a row is refused, or what is on hand after it. */
export function judgeRow(level: CountedLevel, quantity: number, mode: ImportMode): { readonly kind: 'refused'; readonly code: RowRefusal } | { readonly kind: 'counted'; readonly onHand: number } {
  const onHand = mode === 'SET' ? quantity : level.onHand + quantity;
  if (onHand < 0) return { kind: 'refused', code: 'BELOW_ZERO' };
  if (onHand > MOST_UNITS) return { kind: 'refused', code: 'QUANTITY_INVALID' };
  const missing = level.reserved - (onHand - level.unavailable + level.allowance);
  return mode === 'ADJUST' && missing > Math.max(0, level.deficit) ? { kind: 'refused', code: 'BELOW_RESERVED' } : { kind: 'counted', onHand };
}
