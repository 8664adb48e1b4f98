// A card holds from the moment it is granted until, but not including, its end. Granted again while it holds, it lasts
// longer from its end on; granted after its end, it begins anew. One that is given back ends at that moment.

export const MEMBERSHIP_LEVELS = ['MONTH', 'YEAR'] as const;
export type MembershipLevel = (typeof MEMBERSHIP_LEVELS)[number];
export interface Validity { readonly validFrom: Date; readonly validUntil: Date }

/** So many months or years at once; more is a mistake. */
export const MOST_PERIODS = 36;

export const holdsAt = ({ validFrom, validUntil }: Validity, at: Date): boolean => validFrom <= at && at < validUntil;

/** So many months later by the calendar in UTC; a day that the month does not have is its last one. */
function monthsAfter(at: Date, months: number): Date {
  const later = new Date(at);
  later.setUTCDate(1);
  later.setUTCMonth(later.getUTCMonth() + months);
  later.setUTCDate(Math.min(at.getUTCDate(), new Date(Date.UTC(later.getUTCFullYear(), later.getUTCMonth() + 1, 0)).getUTCDate()));
  return later;
}

export function granted(known: Validity | null, level: MembershipLevel, periods: number, now: Date): Validity {
  const renewed = known !== null && holdsAt(known, now);
  const months = (level === 'YEAR' ? 12 : 1) * periods;
  return { validFrom: renewed ? known.validFrom : now, validUntil: monthsAfter(renewed ? known.validUntil : now, months) };
}
