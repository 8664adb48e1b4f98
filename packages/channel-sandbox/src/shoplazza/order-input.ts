export type ShoplazzaFinancialStatus =
  | 'waiting' | 'paying' | 'authorized' | 'partially_paid' | 'paid' | 'cancelled' | 'failed' | 'refunding' | 'refund_failed' | 'refunded' | 'partially_refunded';
export type ShoplazzaFulfillmentStatus =
  | 'initialled' | 'waiting' | 'partially_shipped' | 'shipped' | 'partially_finished' | 'finished' | 'cancelled' | 'returning' | 'returned' | 'partially_returned';

/** An order in the words of this sandbox. Amounts are decimal texts in `currency`, times RFC 3339 with the shop's offset. */
export interface ShoplazzaOrderInput {
  /** Twenty digits, as real ones: beyond 2^64. */
  readonly id: string;
  /** Default made from the id. */
  readonly number?: string;
  /** When the buyer came to the till. */
  readonly createdAt: string;
  /** When it was sold; default `createdAt`, null while it is only `opened`. */
  readonly placedAt?: string | null;
  /** Default `createdAt`. */
  readonly updatedAt?: string;
  /** Default `placed`, or `cancelled` when it is cancelled. */
  readonly status?: 'opened' | 'placed' | 'finished' | 'cancelled';
  readonly financialStatus: ShoplazzaFinancialStatus;
  /** Default `waiting`. */
  readonly fulfillmentStatus?: ShoplazzaFulfillmentStatus;
  readonly currency: string;
  readonly lines: readonly ShoplazzaLineInput[];
  /** Freight; default none. */
  readonly shipping?: string;
  /** 825 is 8.25 % on goods after discounts; default no tax. */
  readonly taxBasisPoints?: number;
  /** Whether prices hold the tax already; default false. */
  readonly taxIncluded?: boolean;
  /** Names the discounts of the lines. */
  readonly discountCode?: string;
  /** Default null, as in a sale without an account. */
  readonly customer?: ShoplazzaCustomerInput | null;
  readonly shippingAddress?: ShoplazzaAddressInput | null;
  readonly cancelled?: { readonly at: string; readonly reason: string };
  readonly note?: string | null;
  readonly customerNote?: string;
}

export interface ShoplazzaLineInput {
  readonly sku: string;
  readonly variantId: string;
  readonly productId: string;
  readonly title: string;
  readonly variantTitle?: string;
  readonly quantity: number;
  /** Of one piece. */
  readonly price: string;
  /** Of the whole line; default none. */
  readonly discount?: string;
}

export interface ShoplazzaCustomerInput {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone?: string;
}

export interface ShoplazzaAddressInput {
  readonly firstName: string;
  readonly lastName: string;
  readonly address: string;
  /** Apartment or floor. */
  readonly address1?: string;
  readonly area?: string;
  readonly city: string;
  readonly province: string;
  readonly provinceCode: string;
  readonly country: string;
  readonly countryCode: string;
  readonly zip: string;
  readonly phone?: string;
  readonly email?: string;
}
