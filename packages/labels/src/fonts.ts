import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

// Noto Sans SC (SIL Open Font License 1.1): what GB 18030 asks for in names and places, far beyond the 6,763 signs of smaller fonts.
const FILES = { regular: '400Regular/NotoSansSC_400Regular.ttf', bold: '700Bold/NotoSansSC_700Bold.ttf' } as const;

/** Which of the two cuts. */
export type Weight = keyof typeof FILES;

/** A sign's outline: font units, y upwards. */
export type Outline = readonly { readonly command: string; readonly args: readonly number[] }[];
interface Sign { readonly advance: number; readonly outline: Outline }

/** A font of labels, opened once in a process. Signs are kept as they are met: addresses repeat a few thousand. */
export class LabelFont {
  readonly file: Buffer;
  readonly unitsPerEm: number;
  /** Above the base line, in parts of the size. */
  readonly ascent = 0.88;
  readonly #font: Font;
  readonly #signs = new Map<string, Sign>();

  constructor(path: string) {
    this.file = readFileSync(createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-sans-sc/${path}`));
    this.#font = create(this.file) as Font;
    this.unitsPerEm = this.#font.unitsPerEm;
  }

  /** In millimetres, for a size in millimetres. */
  widthOf(text: string, size: number): number {
    let width = 0;
    for (const sign of text) width += this.signOf(sign).advance;
    return (width * size) / this.unitsPerEm;
  }

  signOf(sign: string): Sign {
    const known = this.#signs.get(sign);
    if (known !== undefined) return known;
    const glyph = this.#font.glyphForCodePoint(sign.codePointAt(0)!);
    const made = { advance: glyph.advanceWidth, outline: glyph.path.commands as unknown as Outline };
    this.#signs.set(sign, made);
    return made;
  }

  /** Whether it has this sign, rather than an empty box for it. */
  has(sign: string): boolean { return this.#font.hasGlyphForCodePoint(sign.codePointAt(0)!); }
}

const opened = new Map<Weight, LabelFont>();

/** A font, opened when the first label needs it. */
export function fontOf(weight: Weight): LabelFont {
  const known = opened.get(weight);
  if (known !== undefined) return known;
  const font = new LabelFont(FILES[weight]);
  opened.set(weight, font);
  return font;
}
