import bwipjs from 'bwip-js';
import { LabelError } from './label-error.js';
import { DOTS_PER_MM } from './sizes.js';

/** Bars of a barcode: from where, how wide, in modules; and how many modules there are. */
export interface Bars { readonly modules: number; readonly bars: readonly { readonly x: number; readonly width: number }[] }

/** ISO/IEC 15417: the quiet zones beside the bars, in modules each. */
export const QUIET_MODULES = 10;
/** A module of one dot is not read once the print head is worn. */
const DOTS_AT_LEAST = 2;
/** What carriers number with. Nothing else may get into a printer's language. */
const FORM = /^[0-9A-Za-z-]{1,40}$/;

/** The bars of Code 128 for a number, in the set of signs that makes it shortest. @throws LabelError `BARCODE_INVALID` */
export function code128(text: string): Bars {
  if (!FORM.test(text)) throw new LabelError('BARCODE_INVALID');
  const [drawn] = bwipjs.raw({ bcid: 'code128', text });
  if (drawn === undefined || !('sbs' in drawn)) throw new LabelError('BARCODE_INVALID');
  const { sbs } = drawn;
  const bars: { x: number; width: number }[] = [];
  let x = 0;
  for (const [at, width] of sbs.entries()) {
    if (at % 2 === 0) bars.push({ x, width });
    x += width;
  }
  return { modules: x, bars };
}

/** How many dots a module has, as wide as it fits. @throws LabelError `BARCODE_INVALID` where it would be too fine to be read */
export function moduleDots({ modules }: Bars, widthMm: number): number {
  const dots = Math.floor((widthMm * DOTS_PER_MM) / (modules + 2 * QUIET_MODULES));
  if (dots < DOTS_AT_LEAST) throw new LabelError('BARCODE_INVALID');
  return dots;
}
