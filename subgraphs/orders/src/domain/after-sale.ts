// An after-sale is an axis of its own: what each deed makes of it, by its kind. What is not in the table is refused.
import { allocate, money } from '@quanyu/money';
import type { AfterSaleStage } from './platform-status.js';

export const AFTER_SALE_KINDS = ['RETURN_AND_REFUND', 'REFUND_ONLY', 'EXCHANGE'] as const;
export type AfterSaleKind = (typeof AFTER_SALE_KINDS)[number];

export const AFTER_SALE_STATES = ['REQUESTED', 'APPROVED', 'RETURNING', 'INSPECTING', 'REFUNDING', 'DONE', 'REJECTED', 'WITHDRAWN'] as const;
export type AfterSaleState = (typeof AFTER_SALE_STATES)[number];

export const AFTER_SALE_DEEDS = ['APPROVE', 'DENY', 'SEND_BACK', 'RECEIVE', 'SETTLE', 'WITHDRAW'] as const;
export type AfterSaleDeed = (typeof AFTER_SALE_DEEDS)[number];

type Steps = Readonly<Partial<Record<AfterSaleDeed, AfterSaleState>>>;

const OF_GOODS: Readonly<Record<AfterSaleState, Steps>> = {
  REQUESTED: { APPROVE: 'APPROVED', DENY: 'REJECTED', WITHDRAW: 'WITHDRAWN' },
  // A parcel may arrive of which nobody has told us the number.
  APPROVED: { SEND_BACK: 'RETURNING', RECEIVE: 'INSPECTING', WITHDRAW: 'WITHDRAWN' },
  RETURNING: { RECEIVE: 'INSPECTING' },
  INSPECTING: { SETTLE: 'REFUNDING', DENY: 'REJECTED' },
  REFUNDING: {}, DONE: {}, REJECTED: {}, WITHDRAWN: {},
};

export const AFTER_SALE_STEPS: Readonly<Record<AfterSaleKind, Readonly<Record<AfterSaleState, Steps>>>> = {
  RETURN_AND_REFUND: OF_GOODS,
  EXCHANGE: { ...OF_GOODS, INSPECTING: { SETTLE: 'DONE', DENY: 'REJECTED' } },
  REFUND_ONLY: { ...OF_GOODS, REQUESTED: { APPROVE: 'REFUNDING', DENY: 'REJECTED', WITHDRAW: 'WITHDRAWN' }, APPROVED: {}, RETURNING: {}, INSPECTING: {} },
};

/** What a deed makes of it; null where it cannot be done now. */
export const stepOf = (kind: AfterSaleKind, state: AfterSaleState, deed: AfterSaleDeed): AfterSaleState | null => AFTER_SALE_STEPS[kind][state][deed] ?? null;

export const isOpen = (state: AfterSaleState): boolean => !['DONE', 'REJECTED', 'WITHDRAWN'].includes(state);
/** It gives back what it claimed of its lines: they can be claimed again. */
export const isVain = (state: AfterSaleState): boolean => state === 'REJECTED' || state === 'WITHDRAWN';

/** What an order's after-sales amount to, in the words of the documents. */
export const stageOf = (states: readonly AfterSaleState[]): AfterSaleStage =>
  (states.includes('REFUNDING') ? 'REFUNDING' : states.some(isOpen) ? 'AFTER_SALE' : 'NONE');

/** A person has two days to decide, the buyer a week to send the goods. */
export const DECIDE_HOURS = 48;
export const RETURN_DAYS = 7;

/** Without another rule a second person agrees to what is worth so much or more, in whole units of the currency. */
export const FOUR_EYES_FROM = 1_000;

export interface ClaimedLine { readonly quantity: number; readonly claim: number; readonly unitPriceMinor: number; readonly discountMinor: number }

/**
 * What the buyer paid for what comes back: the order's total without shipping, split over its lines by what they cost
 * after their own discounts, and each line's share by units. Rounded down, so that parts never sum to more than the whole.
 */
export function refundOf(lines: readonly ClaimedLine[], goodsMinor: number, currency: string): number {
  const weights = lines.map(({ unitPriceMinor, quantity, discountMinor }) => Math.max(0, unitPriceMinor * quantity - discountMinor));
  if (goodsMinor <= 0 || weights.every((weight) => weight === 0)) return 0;
  const shares = allocate(money(goodsMinor, currency), weights);
  return lines.reduce((sum, { claim, quantity }, place) => sum + Number((BigInt(shares[place]!.amountMinor) * BigInt(claim)) / BigInt(quantity)), 0);
}
