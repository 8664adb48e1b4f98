// Why a person changes stock by hand. Counts, files, transfers and repairs have commands of their own.

export const ADJUST_REASONS = ['ADJUSTMENT', 'RECEIVED', 'RETURNED', 'DAMAGED', 'QUALITY_HOLD', 'QUALITY_RELEASE', 'INCOMING', 'ALLOWANCE'] as const;
export type AdjustReason = (typeof ADJUST_REASONS)[number];
