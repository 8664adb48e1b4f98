// A label as marks on paper: what every output draws, so that all of them look the same. Millimetres from the upper left.
import { code128, moduleDots, QUIET_MODULES } from './code128.js';
import { fontOf, type Weight } from './fonts.js';
import type { Label } from './label.js';
import { decodeLogo, type Logo } from './logo.js';
import { DOTS_PER_MM } from './sizes.js';
import type { LabelElement } from './template.js';

/** One thing to draw. */
export type Mark =
  /** One line of text; `y` is its base line. */
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly size: number; readonly weight: Weight; readonly text: string }
  /** Black rectangles; those of a barcode stand on whole dots. */
  | { readonly kind: 'box'; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  | { readonly kind: 'barcode'; readonly x: number; readonly y: number; readonly height: number; readonly dots: number; readonly text: string; readonly bars: readonly { readonly x: number; readonly width: number }[] }
  | { readonly kind: 'logo'; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly logo: Logo };

const LINE_HEIGHT = 1.25;
const SMALLEST = 1.5;
/** Control signs, and those that turn the way of writing round, are not printed: they could hide or fake a line. */
const UNPRINTED = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/gu;

/** Lays a label out. @throws LabelError `BARCODE_INVALID` */
export function compose({ template, content }: Label): Mark[] {
  return template.elements.flatMap((element): Mark[] => {
    switch (element.kind) {
      case 'line': return [{ kind: 'box', x: element.x, y: element.y, width: Math.max(element.width, element.thick), height: Math.max(element.height, element.thick) }];
      case 'barcode': return [barcode(element, content.trackingNumber)];
      case 'logo': return template.logo === null ? [] : [fitted(element, decodeLogo(template.logo))];
      case 'text': return textIn(element, element.text);
      case 'field': {
        const told = element.field === 'slogan' ? template.slogan : content[element.field] ?? '';
        return told === '' ? [] : textIn(element, `${element.before}${told}`);
      }
    }
  });
}

function barcode({ x, y, width, height }: LabelElement, text: string): Mark {
  const bars = code128(text);
  const dots = moduleDots(bars, width);
  const wide = ((bars.modules + 2 * QUIET_MODULES) * dots) / DOTS_PER_MM;
  const left = Math.round((x + (width - wide) / 2) * DOTS_PER_MM) + QUIET_MODULES * dots;
  return { kind: 'barcode', x: left / DOTS_PER_MM, y, height, dots, text, bars: bars.bars };
}

/** As large as fits, with its own proportions. */
function fitted({ x, y, width, height }: LabelElement, logo: Logo): Mark {
  const scale = Math.min(width / logo.width, height / logo.height);
  return { kind: 'logo', x, y, width: logo.width * scale, height: logo.height * scale, logo };
}

type TextElement = Extract<LabelElement, { readonly kind: 'text' | 'field' }>;

/** Made smaller until it fits; what does not fit at the smallest size is cut off with a sign that says so. */
function textIn({ x, y, width, height, size: wanted, bold, align }: TextElement, raw: string): Mark[] {
  const text = raw.normalize('NFC').replace(UNPRINTED, ' ').trim();
  const weight: Weight = bold ? 'bold' : 'regular';
  const font = fontOf(weight);
  let size = Math.min(wanted, Math.max(SMALLEST, height));
  let lines = broken(text, width, size, weight);
  while (lines.length * size * LINE_HEIGHT > Math.max(height, size * LINE_HEIGHT) && size > SMALLEST) {
    size = Math.max(SMALLEST, size - 0.2);
    lines = broken(text, width, size, weight);
  }
  const room = Math.max(1, Math.floor(height / (size * LINE_HEIGHT)));
  if (lines.length > room) lines = [...lines.slice(0, room - 1), shortened(lines.slice(room - 1).join(''), width, size, weight)];
  return lines.map((line, at) => {
    const free = width - font.widthOf(line, size);
    return { kind: 'text', x: x + (align === 'right' ? free : align === 'center' ? free / 2 : 0), y: y + at * size * LINE_HEIGHT + size * font.ascent, size, weight, text: line };
  });
}

/** Lines of at most this width: between words where a line has some, else between any two signs, as Chinese is. */
function broken(text: string, width: number, size: number, weight: Weight): string[] {
  const font = fontOf(weight);
  const lines: string[] = [];
  let line = '';
  let wide = 0;
  for (const sign of text) {
    const advance = font.widthOf(sign, size);
    if (wide + advance > width && line !== '') {
      const space = /[\x21-\x7e]/.test(sign) ? line.lastIndexOf(' ') : -1;
      const [kept, next] = space > 0 ? [line.slice(0, space), line.slice(space + 1)] : [line, ''];
      lines.push(kept.trimEnd());
      line = next;
      wide = font.widthOf(line, size);
    }
    if (line === '' && sign === ' ') continue;
    line += sign;
    wide += advance;
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

function shortened(text: string, width: number, size: number, weight: Weight): string {
  const signs = [...text];
  while (signs.length > 0 && fontOf(weight).widthOf(`${signs.join('')}…`, size) > width) signs.pop();
  return `${signs.join('')}…`;
}
