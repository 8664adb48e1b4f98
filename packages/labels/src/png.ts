import { encode } from 'fast-png';
import { compose, type Mark } from './compose.js';
import { fontOf } from './fonts.js';
import type { Label } from './label.js';
import { scaled, type Bitmap } from './logo.js';
import { textDots } from './raster.js';
import { DOTS_PER_MM, LABEL_SIZES } from './sizes.js';

/** A label dot by dot as a print head of 203 dpi prints it. @throws LabelError `BARCODE_INVALID` */
export function labelDots(label: Label): Bitmap {
  const { width, height } = LABEL_SIZES[label.template.size];
  const page = { width: width * DOTS_PER_MM, height: height * DOTS_PER_MM, dark: new Uint8Array(width * height * DOTS_PER_MM * DOTS_PER_MM) };
  for (const mark of compose(label)) draw(page, mark);
  return page;
}

/** The same as a PNG in black and white. @throws LabelError `BARCODE_INVALID` */
export function labelPng(label: Label): Buffer {
  const { width, height, dark } = labelDots(label);
  return Buffer.from(encode({ width, height, data: dark.map((dot) => (dot === 1 ? 0 : 255)), channels: 1, depth: 8 }));
}

const dots = (mm: number): number => Math.round(mm * DOTS_PER_MM);

function draw(page: Bitmap, mark: Mark): void {
  const [x, y] = [dots(mark.x), dots(mark.y)];
  switch (mark.kind) {
    case 'box': return fill(page, x, y, Math.max(1, dots(mark.width)), Math.max(1, dots(mark.height)));
    case 'barcode':
      for (const bar of mark.bars) fill(page, x + bar.x * mark.dots, y, bar.width * mark.dots, dots(mark.height));
      return;
    case 'logo': return copy(page, scaled(mark.logo, Math.max(1, dots(mark.width)), Math.max(1, dots(mark.height))), x, y);
    case 'text': return copy(page, textDots(mark.text, dots(mark.size), mark.weight), x, dots(mark.y - mark.size * fontOf(mark.weight).ascent));
  }
}

function fill({ width: across, height: down, dark }: Bitmap, x: number, y: number, width: number, height: number): void {
  for (let row = Math.max(0, y); row < Math.min(down, y + height); row += 1) dark.fill(1, row * across + Math.max(0, x), row * across + Math.min(across, x + width));
}

function copy(page: Bitmap, { width, height, dark }: Bitmap, x: number, y: number): void {
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) if (dark[row * width + column] === 1) fill(page, x + column, y + row, 1, 1);
  }
}
