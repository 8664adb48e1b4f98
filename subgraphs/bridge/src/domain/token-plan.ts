// A token is renewed well before it ends: seven days before where it lives long, at half its life where it lives for days, in its last hour or quarter where it lives for hours.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function renewFrom(issuedAt: Date, expiresAt: Date): Date {
  const life = expiresAt.getTime() - issuedAt.getTime();
  const before = life > 14 * DAY_MS ? 7 * DAY_MS : life > DAY_MS ? life / 2 : Math.min(HOUR_MS, life / 4);
  return new Date(expiresAt.getTime() - before);
}

export interface TokenTimes { readonly expiresAt: Date | null; readonly renewAt: Date | null }

/** Whether whoever wants to use it had better renew it first: it is due, and nobody did it until the last hour. */
export const endsSoon = ({ expiresAt, renewAt }: TokenTimes, now: Date): boolean =>
  expiresAt !== null && renewAt !== null && now >= renewAt && now.getTime() >= expiresAt.getTime() - HOUR_MS;
