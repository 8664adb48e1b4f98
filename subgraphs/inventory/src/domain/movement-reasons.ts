// Why a level changed. The engine writes those of reservations itself; people, files and outside systems give the others.

/** Reasons that a caller may give. Only COUNT, SNAPSHOT and REPAIR may find less than is promised, and so raise a deficit. */
export const CHANGE_REASONS = [
  'COUNT', 'SNAPSHOT', 'ADJUSTMENT', 'RECEIVED', 'RETURNED', 'DAMAGED', 'QUALITY_HOLD', 'QUALITY_RELEASE', 'INCOMING', 'ALLOWANCE', 'TRANSFER', 'IMPORT', 'REPAIR',
] as const;
export type ChangeReason = (typeof CHANGE_REASONS)[number];

export const MOVEMENT_REASONS = ['OPENING', 'RESERVED', 'RELEASED', 'EXPIRED', 'CONSUMED', ...CHANGE_REASONS, 'DEFICIT_COVERED'] as const;
export type MovementReason = (typeof MOVEMENT_REASONS)[number];
