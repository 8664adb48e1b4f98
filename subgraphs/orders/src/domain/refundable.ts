// No more goes back than came in: what is left of an order's total, once it was paid.

export interface Refundable { readonly paidAt?: Date | null | undefined; readonly totalMinor: number; readonly refundedMinor: number; /** Of edits, not paid yet. */ readonly dueMinor: number }

export const refundable = ({ paidAt, totalMinor, refundedMinor, dueMinor }: Refundable): number => (paidAt ? Math.max(0, totalMinor - dueMinor - refundedMinor) : 0);
