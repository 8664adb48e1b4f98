// Personal data is recognised by shape. What has no shape (a street, a name) must never be a value of a
// line at all: that is the work of the allow-list in fields.ts and of reduce-error.ts.
const KEPT = [
  String.raw`\b[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}\b`, // an id of ours
  String.raw`\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`, // a UUID
];
const MASKED = [
  String.raw`[^\s@]+@[^\s@]*`, // an e-mail, even one cut off
  String.raw`\p{Nd}{5,}`,
  // Phones as people write them: 138-1234-1234, (415) 555-2671. Dates fall to it too; better than the reverse.
  String.raw`\p{Nd}(?:[ .()\-\u2010-\u2015]{0,2}\p{Nd}){6,}`,
];
const PATTERN = new RegExp(`(${KEPT.join('|')})|${MASKED.join('|')}`, 'gu');

/** What stands in a line where personal data may have been. */
export const MASK = '***';

/**
 * Masks e-mails and runs of digits in a text, and cuts the text at `limit` characters.
 *
 * Our own ids and UUIDs stay, although they hold runs of digits. Cutting comes first: the work is bounded.
 */
export const scrub = (text: string, limit: number): string =>
  text.slice(0, limit).replace(PATTERN, (_match, kept: string | undefined) => kept ?? MASK);
