// A shipped order counts as completed after a time in which the buyer may come back to it: 15 days unless the channel has its own.

export const COMPLETE_DAYS = 15;
const DAY_MS = 86_400_000;

export const completeAfter = (shippedAt: Date, days: number | null): Date => new Date(shippedAt.getTime() + (days ?? COMPLETE_DAYS) * DAY_MS);
