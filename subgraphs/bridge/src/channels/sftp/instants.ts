// People and spreadsheets write a time without saying where; the channel's setting says it.

const FORM = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;
const YEARS = { from: 1990, to: 2199 } as const;

/** The instant of `2026-03-01 10:00:00`, `2026/3/1 10:00` or RFC 3339; null for what is none, or a day that does not exist. @param offset of times that say none, `+08:00` */
export function instantIn(text: string, offset: string): Date | null {
  const [, year, month, day, hours = '0', minutes = '00', seconds = '00', zone = offset] = FORM.exec(text.trim()) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const two = (part: string): string => part.padStart(2, '0');
  const date = `${year}-${two(month)}-${two(day)}`;
  const at = new Date(`${date}T${two(hours)}:${minutes}:${seconds}${zone.toUpperCase()}`);
  if (Number.isNaN(at.getTime()) || Number(year) < YEARS.from || Number(year) > YEARS.to) return null;
  // The 30th of February would be taken for a day of March.
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date) ? at : null;
}
