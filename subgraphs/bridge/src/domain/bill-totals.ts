// What a bill comes to: what came in, what went back and what the platform kept, for each currency.

interface Movement { readonly kind: 'PAYMENT' | 'REFUND' | 'PAYOUT' | 'OTHER'; readonly amountMinor: number; readonly feeMinor: number; readonly currency: string }
export interface BillTotal { readonly currency: string; readonly paidMinor: number; readonly refundedMinor: number; readonly feeMinor: number }

export function totalsOf(rows: readonly Movement[]): BillTotal[] {
  const sum = (of: readonly Movement[], amount: (row: Movement) => number): number => of.reduce((total, row) => total + amount(row), 0);
  return [...new Set(rows.map(({ currency }) => currency))].sort().map((currency) => {
    const own = rows.filter((row) => row.currency === currency);
    const amountOf = (kind: Movement['kind']): number => sum(own.filter((row) => row.kind === kind), ({ amountMinor }) => amountMinor);
    return { currency, paidMinor: amountOf('PAYMENT'), refundedMinor: 0 - amountOf('REFUND'), feeMinor: sum(own, ({ feeMinor }) => feeMinor) };
  });
}
