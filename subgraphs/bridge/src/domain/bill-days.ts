// Which day's bill is asked for next: each day once, in order, and none before it can be there.

export interface BillClock { readonly readyHour: number; readonly utcOffset: number }

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The day after this one by the calendar. */
export const dayAfter = (day: string): string => dayOf(Date.parse(`${day}T00:00:00Z`) + DAY_MS);

/** The last day whose bill can be there by now. */
export const lastReadyDay = (now: Date, { readyHour, utcOffset }: BillClock): string => dayOf(now.getTime() + (utcOffset - readyHour) * HOUR_MS - DAY_MS);

/** When the bill of a day can be asked for. */
export const readyAt = (day: string, { readyHour, utcOffset }: BillClock): Date => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS + (readyHour - utcOffset) * HOUR_MS);
