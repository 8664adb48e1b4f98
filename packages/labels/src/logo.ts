import { convertIndexedToRgb, decode } from 'fast-png';
import { LabelError } from './label-error.js';

const MOST_PIXELS = 1_200;
/** Where a print head, which knows black alone, prints. */
const DARK_BELOW = 128;

/** A picture of black and white dots, row by row. */
export interface Bitmap { readonly width: number; readonly height: number; readonly dark: Uint8Array }
/** A logo as it came, and as a print head sees it. */
export interface Logo extends Bitmap { readonly png: Buffer }

const decoded = new Map<string, Logo>();
const MOST_KEPT = 100;

/** The picture that a template's base64 is. @throws LabelError `LOGO_INVALID` */
export function decodeLogo(base64: string): Logo {
  const known = decoded.get(base64);
  if (known !== undefined) return known;
  const logo = read(base64);
  if (decoded.size >= MOST_KEPT) decoded.clear();
  decoded.set(base64, logo);
  return logo;
}

function read(base64: string): Logo {
  const png = Buffer.from(base64, 'base64');
  // Its size stands in the first chunk: one that would unpack to gigabytes is refused before it is unpacked.
  if (png.length < 33 || png.readUInt32BE(16) > MOST_PIXELS || png.readUInt32BE(20) > MOST_PIXELS) throw new LabelError('LOGO_INVALID');
  try {
    const image = decode(png);
    const { width, height } = image;
    const channels = image.palette ? image.palette[0]!.length : image.channels;
    const data = image.palette ? convertIndexedToRgb(image) : image.data;
    const full = image.depth === 16 && !image.palette ? 257 : 1;
    const dark = new Uint8Array(width * height);
    for (let at = 0; at < dark.length; at += 1) dark[at] = greyOf(data, at * channels, channels, full) < DARK_BELOW ? 1 : 0;
    return { width, height, dark, png };
  } catch {
    throw new LabelError('LOGO_INVALID');
  }
}

/** On white paper: what is transparent is white. */
function greyOf(data: ArrayLike<number>, at: number, channels: number, full: number): number {
  const hasAlpha = channels === 2 || channels === 4;
  const grey = channels < 3 ? data[at]! : 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  const opacity = hasAlpha ? data[at + channels - 1]! / (255 * full) : 1;
  return 255 - (255 - grey / full) * opacity;
}

/** The picture at another size, each dot from the one nearest to its middle. */
export function scaled({ width, height, dark }: Bitmap, toWidth: number, toHeight: number): Bitmap {
  const to = new Uint8Array(toWidth * toHeight);
  for (let y = 0; y < toHeight; y += 1) {
    const from = Math.min(height - 1, Math.floor(((y + 0.5) * height) / toHeight)) * width;
    for (let x = 0; x < toWidth; x += 1) to[y * toWidth + x] = dark[from + Math.min(width - 1, Math.floor(((x + 0.5) * width) / toWidth))]!;
  }
  return { width: toWidth, height: toHeight, dark: to };
}
