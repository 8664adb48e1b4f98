// A SKU runs low when fewer than its threshold can be sold; it has recovered only well above that, so that one unit
// coming and going does not ring each time.

/** A tenth, and one unit at least. */
export const defaultMargin = (threshold: number): number => Math.max(1, Math.ceil(threshold / 10));

/** What a new figure means to a SKU that is, or is not, known to be low; null for nothing new. A threshold of 0 switches it off. */
export function crossing(isLow: boolean, available: number, threshold: number, margin: number | null): 'RAN_LOW' | 'RECOVERED' | null {
  if (!isLow) return available < threshold ? 'RAN_LOW' : null;
  return threshold === 0 || available >= threshold + (margin ?? defaultMargin(threshold)) ? 'RECOVERED' : null;
}
