export interface StoredPayment {
  readonly id: string;
  readonly platformId: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly payer: string;
  state: 'PENDING' | 'PAID' | 'CLOSED';
  readonly refunds: Record<string, number>;
}

/** Payments as a platform keeps them, by the merchant's numbers. */
export class PaymentStore {
  readonly payments = new Map<string, StoredPayment>();

  begin(id: string, platformId: string, totalMinor: number, currency: string, payer: string): StoredPayment {
    const payment = this.payments.get(id) ?? { id, platformId, totalMinor, currency, payer, state: 'PENDING', refunds: {} };
    this.payments.set(id, payment);
    return payment;
  }

  pay(id: string): void { this.payments.get(id)!.state = 'PAID'; }
  refunded(payment: StoredPayment): number { return Object.values(payment.refunds).reduce((sum, amount) => sum + amount, 0); }

  /** False when it is more than what was paid, or another amount under the same number. */
  refund(payment: StoredPayment, refundId: string, amountMinor: number): boolean {
    const known = payment.refunds[refundId];
    if (known !== undefined) return known === amountMinor;
    if (payment.state !== 'PAID' || this.refunded(payment) + amountMinor > payment.totalMinor) return false;
    payment.refunds[refundId] = amountMinor;
    return true;
  }
}
