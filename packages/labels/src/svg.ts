import { compose, type Mark } from './compose.js';
import { fontOf, type Outline } from './fonts.js';
import type { Label } from './label.js';
import { DOTS_PER_MM, LABEL_SIZES } from './sizes.js';

const LETTERS: Readonly<Record<string, string>> = { moveTo: 'M', lineTo: 'L', quadraticCurveTo: 'Q', bezierCurveTo: 'C', closePath: 'Z' };
const short = (value: number): string => String(Math.round(value * 1000) / 1000);

/** A label as a picture that looks the same everywhere: its text is drawn, so no font is needed. @throws LabelError `BARCODE_INVALID` */
export function labelSvg(label: Label): string {
  const { width, height } = LABEL_SIZES[label.template.size];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}" fill="#fff"/>${compose(label).map(drawn).join('')}</svg>`;
}

function drawn(mark: Mark): string {
  switch (mark.kind) {
    case 'text': return lineOf(mark);
    case 'box': return `<rect x="${short(mark.x)}" y="${short(mark.y)}" width="${short(mark.width)}" height="${short(mark.height)}"/>`;
    case 'barcode': {
      const step = mark.dots / DOTS_PER_MM;
      return `<path d="${mark.bars.map(({ x, width }) => `M${short(mark.x + x * step)} ${short(mark.y)}h${short(width * step)}v${short(mark.height)}h-${short(width * step)}z`).join('')}"/>`;
    }
    case 'logo': return `<image x="${short(mark.x)}" y="${short(mark.y)}" width="${short(mark.width)}" height="${short(mark.height)}" href="data:image/png;base64,${mark.logo.png.toString('base64')}"/>`;
  }
}

function lineOf({ x, y, size, weight, text }: Extract<Mark, { kind: 'text' }>): string {
  const font = fontOf(weight);
  const scale = size / font.unitsPerEm;
  let left = 0;
  let path = '';
  for (const sign of text) {
    const { advance, outline } = font.signOf(sign);
    path += pathOf(outline, left);
    left += advance;
  }
  return path === '' ? '' : `<path transform="translate(${short(x)} ${short(y)}) scale(${scale.toFixed(6)} ${(-scale).toFixed(6)})" d="${path}"/>`;
}

/** Points come in pairs, and only the first of a pair moves to the right. */
const pathOf = (outline: Outline, left: number): string =>
  outline.map(({ command, args }) => `${LETTERS[command]}${args.map((value, at) => Math.round(at % 2 === 0 ? value + left : value)).join(' ')}`).join('');
