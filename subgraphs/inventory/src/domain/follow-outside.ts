// A location may follow a system outside, which tells what it counts or only what it can still sell. What we know and it
// does not yet is put on its figure; then our count is set by compare-and-set: only when nobody else has changed it.

/** What an outside system tells of a SKU: what lies there, or what is left of that after its own orders. */
export type OutsideFigure = 'ON_HAND' | 'AVAILABLE';

/** Our own side at the moment that the figure was taken. */
export interface KnownHere {
  /** Units shipped here that the system outside has not taken off yet. */
  readonly shippedUnseen: number;
  /** Units held here whose orders the system outside has taken off its available figure already. */
  readonly heldSeen: number;
}

/** The count that an outside figure means to us. Nothing is taken off twice: a hold that is in their figure is put back before ours is taken off. */
export const countMeant = (figure: OutsideFigure, theirs: number, { shippedUnseen, heldSeen }: KnownHere): number =>
  Math.max(0, figure === 'ON_HAND' ? theirs - shippedUnseen : theirs + heldSeen - shippedUnseen);

export type Following = { readonly kind: 'agrees' } | { readonly kind: 'set'; readonly onHand: number } | { readonly kind: 'drift'; readonly difference: number };

/**
 * @param ours what we count now.
 * @param expected what we would count had nothing but shipments changed it since the last figure was taken over; null when none was.
 */
export function followOutside(ours: number, expected: number | null, meant: number): Following {
  if (ours === meant) return { kind: 'agrees' };
  // Nothing here yet is nothing to lose: the first figure is taken.
  if (ours === (expected ?? 0)) return { kind: 'set', onHand: meant };
  return { kind: 'drift', difference: ours - meant };
}
