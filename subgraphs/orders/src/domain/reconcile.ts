// Orders that a channel counts as open and we do not know: one is worth a look, many are an alarm.

export type GapSeverity = 'NONE' | 'WARNING' | 'CRITICAL';
export const CRITICAL_ABOVE = 20;
export const CRITICAL_SHARE = 0.05;
/** A share of very few says little. */
const FEW = 20;

/** Warning at one missing; critical above 20, or above 5 % of more than a few. */
export function judgeGap({ open, missing }: { readonly open: number; readonly missing: number }): GapSeverity {
  if (missing <= 0) return 'NONE';
  return missing > CRITICAL_ABOVE || (open > FEW && missing / open > CRITICAL_SHARE) ? 'CRITICAL' : 'WARNING';
}
