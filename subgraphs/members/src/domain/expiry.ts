// Points live until the end of the month, twelve months after the one they were earned in, by the merchant's own calendar.

export const DEFAULT_TIME_ZONE = 'Asia/Shanghai';
const VALID_MONTHS = 12;

/** The first instant at which points earned at `earnedAt` are no longer valid. */
export function expiryOf(earnedAt: Date, timeZone: string): Date {
  const { year, month } = wallClock(earnedAt, timeZone);
  return instantOf(Date.UTC(year, month + VALID_MONTHS, 1), timeZone);
}

interface WallClock { readonly year: number; /** 1 to 12 */ readonly month: number; readonly asUtc: number }

/** Made once a zone: making one takes longer than all that it does here. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  clocks.set(timeZone, made);
  return made;
}

function wallClock(instant: Date, timeZone: string): WallClock {
  const parts = clockOf(timeZone).formatToParts(instant);
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const [year, month] = [read('year'), read('month')];
  return { year, month, asUtc: Date.UTC(year, month - 1, read('day'), read('hour'), read('minute'), read('second')) };
}

/** The instant at which the clocks of a zone show this; `wall` is that reading taken as UTC. */
function instantOf(wall: number, timeZone: string): Date {
  const offsetAt = (at: number): number => wallClock(new Date(at), timeZone).asUtc - at;
  const near = wall - offsetAt(wall);
  // Once more: the clocks may have been moved between the first guess and the instant itself.
  return new Date(wall - offsetAt(near));
}
