/**
 * Joins texts so that no other list of texts gives the same bytes: each goes after its length in four bytes.
 *
 * With a separator, ('a|b', 'c') and ('a', 'b|c') would be one.
 */
export function lengthPrefixed(...texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
