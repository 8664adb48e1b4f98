import { setImmediate } from 'node:timers/promises';
import { compose, type Mark } from './compose.js';
import { fontOf } from './fonts.js';
import type { Label } from './label.js';
import { scaled, type Bitmap } from './logo.js';
import { textDots } from './raster.js';
import { DOTS_PER_MM, LABEL_SIZES } from './sizes.js';

const dots = (mm: number): number => Math.round(mm * DOTS_PER_MM);

/**
 * Labels for printers that speak ZPL II at 203 dpi, one format each. Barcodes and lines are the printer's own; text and
 * logo are sent as dots, so that Chinese prints on a printer without such a font. @throws LabelError `BARCODE_INVALID`
 */
export async function labelZpl(labels: readonly Label[]): Promise<string> {
  const formats: string[] = [];
  for (const label of labels) {
    const { width, height } = LABEL_SIZES[label.template.size];
    formats.push(`^XA^PW${dots(width)}^LL${dots(height)}^LH0,0\n${compose(label).map(command).join('\n')}\n^XZ`);
    // Others in this process wait for one label, not for a batch.
    await setImmediate();
  }
  return formats.join('\n');
}

function command(mark: Mark): string {
  switch (mark.kind) {
    case 'box': {
      const [width, height] = [Math.max(1, dots(mark.width)), Math.max(1, dots(mark.height))];
      return `^FO${dots(mark.x)},${dots(mark.y)}^GB${width},${height},${Math.min(width, height)}^FS`;
    }
    // Mode A: the printer itself changes to the set of digits where that is shorter, as the other outputs do.
    case 'barcode': return `^FO${dots(mark.x)},${dots(mark.y)}^BY${mark.dots}^BCN,${dots(mark.height)},N,N,N,A^FD${mark.text}^FS`;
    case 'logo': return picture(mark.x, mark.y, scaled(mark.logo, Math.max(1, dots(mark.width)), Math.max(1, dots(mark.height))));
    case 'text': return picture(mark.x, mark.y - mark.size * fontOf(mark.weight).ascent, textDots(mark.text, dots(mark.size), mark.weight));
  }
}

function picture(x: number, y: number, { width, height, dark }: Bitmap): string {
  const perRow = Math.ceil(width / 8);
  const bytes = Buffer.alloc(perRow * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) if (dark[row * width + column] === 1) bytes[row * perRow + (column >> 3)]! |= 0x80 >> (column & 7);
  }
  return `^FO${Math.max(0, dots(x))},${Math.max(0, dots(y))}^GFA,${bytes.length},${bytes.length},${perRow},${hexOf(bytes, perRow)}^FS`;
}

/** Rows of hex; `,` ends one whose rest is white and `:` repeats the one above, as ZPL abbreviates. */
function hexOf(bytes: Buffer, perRow: number): string {
  let above = '';
  let text = '';
  for (let at = 0; at < bytes.length; at += perRow) {
    const row = bytes.toString('hex', at, at + perRow).toUpperCase();
    const trimmed = row.replace(/0+$/, '');
    text += row === above ? ':' : trimmed.length === row.length ? row : `${trimmed}${trimmed.length % 2 === 1 ? '0' : ''},`;
    above = row;
  }
  return text;
}
