// Chinese platforms write `yyyy-MM-dd HH:mm:ss` and mean Beijing, which has no summer time.

const OFFSET_MS = 8 * 3_600_000;
const FORM = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** The instant; null when the text is none. */
export function fromBeijing(text: string | null | undefined): Date | null {
  if (!text || !FORM.test(text)) return null;
  const at = new Date(`${text.replace(' ', 'T')}+08:00`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** In whole seconds. */
export const toBeijing = (at: Date): string => new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
