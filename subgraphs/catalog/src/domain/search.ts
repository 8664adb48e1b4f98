// What people type is text to look for, never a pattern.

/** A LIKE pattern that finds the text anywhere; null when there is nothing to look for. */
export function containing(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : `%${trimmed.replace(/[\\%_]/g, '\\$&')}%`;
}
