// An order that was edited after it was booked: what it costs more is owed to us and earned, what it costs less is neither.
import { credit, debit, withoutEmpty, type Line } from './line.js';

export function amendmentEntry({ beforeMinor, afterMinor }: { readonly beforeMinor: number; readonly afterMinor: number }): Line[] {
  const more = afterMinor - beforeMinor;
  return withoutEmpty([debit('channel-receivable', more), credit('sales', more)]);
}
