// When what a shop lists is read, and where a list that was cut off goes on: goods every hour, customers once a day, at an hour when few buy.

/** Where a list stands. `complete`: all that it named so far could be read. */
export interface ListingPlace { readonly whole: boolean; readonly complete: boolean; readonly page: string | null }

const MARKS = { ALL: { whole: true, complete: true }, PART: { whole: true, complete: false }, NEW: { whole: false, complete: true } } as const;

export const textOf = ({ whole, complete, page }: ListingPlace): string => `${!whole ? 'NEW' : complete ? 'ALL' : 'PART'}|${page ?? ''}`;

/** Null for none. */
export function placeOf(text: string | null): ListingPlace | null {
  const at = text?.indexOf('|') ?? -1;
  const mark = text?.slice(0, at) ?? '';
  return text === null || !Object.hasOwn(MARKS, mark) ? null : { ...MARKS[mark as keyof typeof MARKS], page: text.slice(at + 1) };
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** By the clock of Beijing. */
const UTC_OFFSET = 8 * HOUR;
const CUSTOMERS_AT = 4;

/** Until the next reading, for a channel with settings of its own or those that are usual. */
export function secondsToNext(kind: 'GOODS' | 'CUSTOMERS', settings: Readonly<Record<string, string>>, now: Date): number {
  if (kind === 'GOODS') return Number(settings['goodsEveryMinutes'] || 60) * 60;
  return secondsToHour(Number(settings['customersAtHour'] || CUSTOMERS_AT), now);
}

export function secondsToHour(hour: number, now: Date): number {
  const today = (Math.floor(now.getTime() / 1000) + UTC_OFFSET) % DAY;
  const left = hour * HOUR - today;
  return left > 0 ? left : left + DAY;
}
