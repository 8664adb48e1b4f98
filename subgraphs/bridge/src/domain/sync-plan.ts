// When a shop is read next, and which window of changes: pure arithmetic on instants.

export interface SyncPolicy { readonly everySeconds: number; readonly overlapSeconds: number; readonly longestWindowSeconds: number; readonly lagSeconds: number }
export interface SyncWindow { readonly from: Date; readonly to: Date }

const plus = (at: Date, seconds: number): Date => new Date(at.getTime() + seconds * 1000);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/**
 * The window after a cursor; null when there is nothing to read yet. It begins before the cursor, for changes that
 * became visible late, and ends where the platform's patience or the present does.
 */
export function windowAfter(cursor: Date, now: Date, policy: SyncPolicy): SyncWindow | null {
  const from = plus(cursor, -policy.overlapSeconds);
  const to = earlier(plus(from, policy.longestWindowSeconds), plus(now, -policy.lagSeconds));
  return to <= cursor ? null : { from, to };
}

/** Whether the window reached the present: if not, the next is read at once. */
export const isCaughtUp = (to: Date, now: Date, { everySeconds, lagSeconds }: SyncPolicy): boolean => plus(to, everySeconds) >= plus(now, -lagSeconds);

/** After quick tries have failed: 5 s, 5 min, 30 min, 2 h, 5 h, then 10 h for ever, or later where the platform says so. */
const WAITS_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000];
export const waitAfter = (failures: number, retryAfterMs: number | null): number =>
  Math.max(WAITS_SECONDS[Math.min(failures, WAITS_SECONDS.length) - 1] ?? WAITS_SECONDS[0]!, Math.ceil((retryAfterMs ?? 0) / 1000));

/** A person hears of a shop that could not be read this often in a row. */
export const ALERT_AFTER = 3;
