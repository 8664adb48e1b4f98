import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FilePieces, PIECE_BYTES } from './file-pieces.js';

const cut = (blocks: readonly Uint8Array[]) => {
  const pieces = new FilePieces();
  return [...blocks.flatMap((block) => [...pieces.take(block)]), ...pieces.end()];
};
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('a file in pieces', () => {
  it('loses, doubles and splits no line, however it is cut on its way', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '1', ',', '库', '"'), maxLength: 400 });
    fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 400 }), fc.boolean(), fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1 }), (lines, endsWithBreak, sizes) => {
      const whole = Buffer.from(lines.join('\n') + (endsWithBreak ? '\n' : ''));
      const blocks: Buffer[] = [];
      for (let at = 0, n = 0; at < whole.length; at += sizes[n % sizes.length]!, n += 1) blocks.push(whole.subarray(at, at + sizes[n % sizes.length]!));
      const pieces = cut(blocks);
      expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(whole)).toBe(true);
      let next = 1;
      for (const [n, { firstLine, lines: count, bytes }] of pieces.entries()) {
        expect(firstLine).toBe(next);
        expect(count).toBe(text(bytes).replace(/\n$/, '').split('\n').length);
        if (n < pieces.length - 1) expect(bytes.at(-1)).toBe(10);
        next += count;
      }
    }), { numRuns: 60 });
  });

  it('are of an even size, whatever the blocks are', () => {
    const pieces = cut([Buffer.from('sku,1\n'.repeat(100_000))]);
    for (const { bytes } of pieces) expect(bytes.length).toBeLessThanOrEqual(2 * PIECE_BYTES);
    expect(pieces.length).toBeGreaterThan(15);
  });

  it('end with the first line that does not', () => {
    expect(() => cut(Array.from({ length: 100 }, () => Buffer.alloc(10_000, 'x')))).toThrow(RangeError);
  });
});
