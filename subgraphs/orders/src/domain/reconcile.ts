// Orders that a channel counts as open and we do not know: one is worth a look, many are an alarm.

export type GapSeverity = 'NONE' | 'WARNING' | 'CRITICAL';
export const CRITICAL_ABOVE = 20;
export const CRITICAL_SHARE = 0.05;

/** Warning at one missing, of however few; critical above 20, or above 5 %. */
export function judgeGap({ open, missing }: { readonly open: number; readonly missing: number }): GapSeverity {
  if (missing <= 0) return 'NONE';
  return missing > CRITICAL_ABOVE || (missing > 1 && missing / open > CRITICAL_SHARE) ? 'CRITICAL' : 'WARNING';
}
