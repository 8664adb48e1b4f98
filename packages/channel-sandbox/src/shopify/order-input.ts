export type ShopifyFinancialStatus = 'pending' | 'authorized' | 'partially_paid' | 'paid' | 'partially_refunded' | 'refunded' | 'voided' | 'expired';

/** An order in the words of this sandbox. Amounts are decimal texts in `currency`, times RFC 3339 with the shop's offset. */
export interface ShopifyOrderInput {
  readonly id: number;
  /** Default `#1001` for an id that ends in 0001, and so on. */
  readonly name?: string;
  readonly createdAt: string;
  /** Default `createdAt`. */
  readonly updatedAt?: string;
  readonly financialStatus: ShopifyFinancialStatus;
  readonly currency: string;
  readonly lines: readonly ShopifyLineInput[];
  /** Default: no shipping line. */
  readonly shipping?: { readonly title: string; readonly price: string; readonly tax?: ShopifyTaxInput };
  /** Whether prices hold the tax already; default false. */
  readonly taxesIncluded?: boolean;
  /** Spread over the lines by their `discount`; default none, and lines without a discount. */
  readonly discountCode?: string;
  /** Default null, as in a sale without an account. */
  readonly customer?: ShopifyCustomerInput | null;
  readonly shippingAddress?: ShopifyAddressInput | null;
  /** Default: the shipping address. */
  readonly billingAddress?: ShopifyAddressInput | null;
  /** The order's own, which may differ from the customer's; default the customer's, else the empty text. */
  readonly email?: string;
  /** Mostly null in real bodies, though customer and address have one. */
  readonly phone?: string | null;
  readonly cancelled?: { readonly at: string; readonly reason: 'customer' | 'inventory' | 'fraud' | 'declined' | 'staff' | 'other' };
  readonly note?: string | null;
  readonly noteAttributes?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly gateways?: readonly string[];
  readonly locale?: string;
  /** Set by who pushed the order into the shop; ours come back with it. */
  readonly sourceIdentifier?: string | null;
  readonly sourceName?: string;
  readonly shopDomain?: string;
  readonly test?: boolean;
}

export interface ShopifyLineInput {
  /** Empty text and null both occur. */
  readonly sku: string | null;
  readonly variantId: number | null;
  readonly productId: number | null;
  readonly title: string;
  readonly variantTitle?: string | null;
  readonly quantity: number;
  /** Of one piece. */
  readonly price: string;
  /** Of the whole line; default none. */
  readonly discount?: string;
  readonly tax?: ShopifyTaxInput;
  readonly grams?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface ShopifyTaxInput {
  readonly title: string;
  /** 825 is 8.25 %. */
  readonly rateBasisPoints: number;
}

export interface ShopifyCustomerInput {
  readonly id: number;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly phone?: string | null;
  readonly tags?: readonly string[];
}

export interface ShopifyAddressInput {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly address1: string;
  readonly address2?: string | null;
  readonly company?: string | null;
  readonly city: string;
  readonly province: string | null;
  readonly provinceCode: string | null;
  readonly country: string;
  readonly countryCode: string;
  readonly zip: string | null;
  readonly phone?: string | null;
}
