// An order is held whole or not at all; a SKU may come from several locations, the fullest first, so that parcels stay few.
import { available, type Stock } from './available.js';

export interface Level extends Stock { readonly id: string; readonly skuId: string }
export interface Wanted { readonly skuId: string; readonly quantity: number }
export interface Allocation { readonly levelId: string; readonly skuId: string; readonly quantity: number }
export interface Shortage { readonly skuId: string; readonly asked: number; readonly available: number }

export type Decision =
  | { readonly kind: 'reserved'; readonly allocations: readonly Allocation[] }
  | { readonly kind: 'short'; readonly shortages: readonly Shortage[] };

/** Two lines of one SKU are one wish: judged apart, each could pass and both together oversell. */
export function sumBySku(wanted: readonly Wanted[]): Wanted[] {
  const sums = new Map<string, number>();
  for (const { skuId, quantity } of wanted) sums.set(skuId, (sums.get(skuId) ?? 0) + quantity);
  return [...sums].map(([skuId, quantity]) => ({ skuId, quantity }));
}

export function allocate(levels: readonly Level[], wanted: readonly Wanted[]): Decision {
  const allocations: Allocation[] = [];
  const shortages: Shortage[] = [];
  for (const { skuId, quantity } of sumBySku(wanted)) {
    const candidates = levels.filter((level) => level.skuId === skuId).sort((a, b) => available(b) - available(a));
    const total = candidates.reduce((sum, level) => sum + available(level), 0);
    if (total < quantity) {
      shortages.push({ skuId, asked: quantity, available: total });
      continue;
    }
    let rest = quantity;
    for (const level of candidates) {
      const take = Math.min(rest, available(level));
      if (take > 0) allocations.push({ levelId: level.id, skuId, quantity: take });
      rest -= take;
    }
  }
  return shortages.length > 0 ? { kind: 'short', shortages } : { kind: 'reserved', allocations };
}
