// Money that buyers pay and get back, and the bills of who moves it.

/** Money that a buyer is to pay. */
export interface PaymentToStart {
  /** Ours, at most 32 letters and digits: one payment, however often it is started. */
  readonly paymentId: string;
  readonly description: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The buyer's id on the platform, where it pays as one. */
  readonly payer: string | null;
  readonly notifyUrl: string;
  readonly expiresAt: Date;
}

/** What the buyer's client hands to the platform, by its own names. */
export interface StartedPayment { readonly handOver: Readonly<Record<string, string>> }

export interface FoundPayment {
  readonly paymentId: string;
  readonly platformPaymentId: string | null;
  readonly state: 'PENDING' | 'PAID' | 'CLOSED' | 'REFUNDED';
  readonly amountMinor: number;
  readonly currency: string;
}

export interface RefundToMake {
  readonly paymentId: string;
  /** Ours: one refund, however often it is asked for. */
  readonly refundId: string;
  readonly amountMinor: number;
  /** Of the payment. */
  readonly totalMinor: number;
  readonly currency: string;
  readonly reason: string;
  /** When it was sent first, the same each time: some platforms know a refund by its second too. */
  readonly askedAt: Date;
}

export type RefundState = 'PENDING' | 'DONE' | 'FAILED';

/** One movement of money as a platform's bill tells it. */
export interface BillRow {
  readonly kind: 'PAYMENT' | 'REFUND' | 'PAYOUT' | 'OTHER';
  /** Our number of the payment; null where it is none of ours, or is not told. */
  readonly paymentId: string | null;
  readonly refundId: string | null;
  readonly platformId: string;
  /** Towards us; what goes away is negative. */
  readonly amountMinor: number;
  /** What the platform keeps of it. */
  readonly feeMinor: number;
  readonly currency: string;
  readonly occurredAt: Date;
}

/** A day's bill, as it came and as it reads. */
export interface Bill { readonly fileType: 'CSV' | 'ZIP' | 'JSONL'; readonly file: Buffer; readonly rows: readonly BillRow[] }
