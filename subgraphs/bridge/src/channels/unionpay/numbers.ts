import { isId, madeAt, type Id } from '@quanyu/ids';
import { toBeijing } from '../reading/beijing-time.js';

// UnionPay knows a transaction by a number of letters and digits alone, and by the second at which it was asked for: the same both must be told in each question about it.

type OurId = Id<'pay'> | Id<'rfd'>;
const isOurs = (id: string): id is OurId => isId('pay', id) || isId('rfd', id);

export interface TransactionNumber { readonly orderId: string; readonly txnTime: string }

export const txnTimeOf = (at: Date): string => toBeijing(at).replaceAll(/\D/g, '');

/** Of a payment or refund of ours; null for an id that none can have. @param at when it was asked for first, where that is not when its id was made */
export const numberOf = (id: string, at?: Date): TransactionNumber | null =>
  (isOurs(id) ? { orderId: id.replace('_', ''), txnTime: txnTimeOf(at ?? madeAt(id)) } : null);

/** The payment's id of ours; null for another's number, and for a refund's. */
export function paymentIdOf(orderId: string): string | null {
  const id = `pay_${orderId.slice(3)}`;
  return orderId.startsWith('pay') && isId('pay', id) ? id : null;
}
