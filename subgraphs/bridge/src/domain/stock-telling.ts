// What is told to a channel of a SKU, and what its answers come to.

/** A name that is none of the shop's SKUs: an order's line had no SKU, and was mapped by what else it said. */
const NO_SKU = /^(variant|title):/;

export interface Figure {
  readonly skuId: string;
  readonly quantity: number;
  readonly toldQuantity: number | null;
  readonly attempts: number;
  /** Names that this channel has for it; its own code where it has none. */
  readonly names: readonly string[];
  readonly isMapped: boolean;
}
export interface Level { readonly externalSku: string; readonly quantity: number; readonly expected: number | null }
export type LevelResult = 'SET' | 'CHANGED_MEANWHILE' | 'UNKNOWN_SKU';
export type Told = { readonly kind: 'accepted' } | { readonly kind: 'failed'; readonly code: string } | { readonly kind: 'later' };

const namesOf = ({ names }: Figure): readonly string[] => names.filter((name) => !NO_SKU.test(name));

/**
 * The first time, a shop that can compare is asked to change the figure only where it still shows what it was told: what
 * it sold meanwhile is on its way to us. After that our figure counts.
 */
export const levelsOf = (figure: Figure, compares: boolean): readonly Level[] =>
  namesOf(figure).map((externalSku) => ({ externalSku, quantity: figure.quantity, expected: compares && figure.attempts === 0 ? figure.toldQuantity : null }));

const PATIENCE = 5;

/** @param results by the shop's name of the goods; those that it was asked for */
export function outcomeOf(figure: Figure, results: ReadonlyMap<string, LevelResult>): Told {
  // The SKU itself may not have been heard of yet.
  if (figure.names.length === 0) return figure.attempts < PATIENCE ? { kind: 'later' } : { kind: 'failed', code: 'SKU_UNKNOWN' };
  const names = namesOf(figure);
  if (names.length === 0) return { kind: 'failed', code: 'NO_SKU_IN_SHOP' };
  const told = names.map((name) => results.get(name));
  if (told.includes('CHANGED_MEANWHILE')) return { kind: 'later' };
  // Not everything is sold everywhere: only who says that a shop has something is told that it has not.
  if (figure.isMapped && told.includes('UNKNOWN_SKU')) return { kind: 'failed', code: 'UNKNOWN_SKU' };
  return { kind: 'accepted' };
}
