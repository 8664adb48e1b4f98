// What is booked for an order, each once; and each may be undone once.

export type Fact = 'ORDER_CONFIRMED' | 'POINTS_EARNED';

export const ENTRY_KINDS = ['ORDER_CONFIRMED', 'ORDER_CONFIRMED_REVERSAL', 'POINTS_EARNED', 'POINTS_EARNED_REVERSAL', 'REFUND_PAID', 'POINTS_TAKEN_BACK', 'ORDER_AMENDED', 'POINTS_ADDED'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const reversalOf = (fact: Fact): EntryKind => `${fact}_REVERSAL`;
