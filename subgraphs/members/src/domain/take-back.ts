// Points go back with the money, in the same share: the sum of all that went back is judged, so that parts round once.

export interface RefundedShare { readonly points: number; readonly totalMinor: number; readonly refundedBeforeMinor: number; readonly amountMinor: number }

export function pointsToTakeBack({ points, totalMinor, refundedBeforeMinor, amountMinor }: RefundedShare): number {
  if (totalMinor <= 0) return 0;
  const until = (refundedMinor: number): bigint => (BigInt(points) * BigInt(Math.min(refundedMinor, totalMinor))) / BigInt(totalMinor);
  return Number(until(refundedBeforeMinor + amountMinor) - until(refundedBeforeMinor));
}
