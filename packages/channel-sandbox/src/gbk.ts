// Bytes of GBK for a text: the platform's decoder read backwards, since nothing writes them.
let table: Map<string, number> | undefined;

/** @throws Error for a letter that GBK has not */
export function gbk(text: string): Buffer {
  if (table === undefined) {
    table = new Map();
    const decoder = new TextDecoder('gbk');
    for (let high = 0x81; high <= 0xfe; high += 1) for (let low = 0x40; low <= 0xfe; low += 1) {
      const letter = decoder.decode(Uint8Array.of(high, low));
      if (letter.length === 1 && letter !== '\uFFFD' && !table.has(letter)) table.set(letter, high * 256 + low);
    }
  }
  return Buffer.concat([...text].map((letter) => {
    if (letter.charCodeAt(0) < 0x80) return Buffer.from(letter);
    const code = table!.get(letter);
    if (code === undefined) throw new Error(`GBK has no ${letter}`);
    return Buffer.of(code >> 8, code & 0xff);
  }));
}
