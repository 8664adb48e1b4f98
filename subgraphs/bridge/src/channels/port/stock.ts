// What a shop shows of goods, and what a system outside counts of them.

/** What a shop shall show of a SKU. */
export interface StockToSet {
  readonly externalSku: string;
  /** Absolute, in units. */
  readonly quantity: number;
  /** What the shop should show now; where it shows something else, nothing is changed. Null sets it whatever it is. */
  readonly expected: number | null;
}

export interface StockSet { readonly externalSku: string; readonly result: 'SET' | 'CHANGED_MEANWHILE' | 'UNKNOWN_SKU' }

/** How a platform takes a figure: as it stands, only where it still shows what we expect, or as a change that we work out from what it shows. */
export type StockSemantics = 'ABSOLUTE' | 'COMPARE_AND_SET' | 'DELTA';

/** What a system outside counts of goods. */
export interface StockLevel { readonly externalSku: string; readonly quantity: number; readonly changedAt: Date }

export interface StockPage { readonly levels: readonly StockLevel[]; readonly next: string | null }
