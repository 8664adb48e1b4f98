// A refund by an after-sale: the sale stands, its refund lowers what sales show, and the channel owes us that much less.
import { POINT_VALUE_MINOR } from './points-entry.js';
import { credit, debit, type Line } from './line.js';

export const refundEntry = (amountMinor: number): Line[] => [debit('sales-refund', amountMinor), credit('channel-receivable', amountMinor)];

/** Points that go back with it are owed no more. */
export const pointsTakenBackEntry = (points: number): Line[] => [
  debit('points-liability', points * POINT_VALUE_MINOR),
  credit('points-expense', points * POINT_VALUE_MINOR),
];
