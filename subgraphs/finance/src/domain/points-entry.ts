// Points given are owed to the member: one point is one minor unit of the order's currency (PRD-3.6.3-6: 1000 points = 10 CNY).
import { credit, debit, type Line } from './line.js';

export const POINT_VALUE_MINOR = 1;

export const pointsEntry = (points: number): Line[] => [
  debit('points-expense', points * POINT_VALUE_MINOR),
  credit('points-liability', points * POINT_VALUE_MINOR),
];
