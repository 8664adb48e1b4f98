// Goods of ours that a shop is given, and what of ours may leave at all.

/** Goods of ours as anybody may see them, for a shop that sells them. */
export interface ProductToPush {
  /** Ours: what makes it one product there, however often it is sent. */
  readonly sourceId: string;
  readonly title: string;
  readonly brand: string | null;
  readonly status: 'ACTIVE' | 'DRAFT' | 'ARCHIVED';
  readonly currency: string;
  /** Each with the same names of options; at least one. */
  readonly skus: readonly {
    readonly code: string; readonly title: string | null; readonly options: readonly { readonly name: string; readonly value: string }[];
    readonly barcode: string | null; readonly weightGrams: number | null; readonly priceMinor: number;
  }[];
}

export interface ProductPushed { readonly externalProductId: string }

/** For what something of ours is given to another system. */
export type Purpose = 'PRODUCT' | 'ORDER';

export type Shares = { readonly [P in Purpose]?: readonly string[] };
