// Text as dots: a printer's own fonts do not know Chinese, so what it has no letters for is sent as a picture.
import { fontOf, type Outline, type Weight } from './fonts.js';
import type { Bitmap } from './logo.js';

const CURVE_STEPS = 6;
const kept = new Map<string, Bitmap>();
const MOST_KEPT = 20_000;

interface Edge { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number; readonly turn: 1 | -1 }

/** A line of text; its base line lies `ascent` of the size below its upper edge. @param size in dots */
export function textDots(text: string, size: number, weight: Weight): Bitmap {
  const font = fontOf(weight);
  const scale = size / font.unitsPerEm;
  const advances = [...text].map((sign) => ({ sign, advance: font.signOf(sign).advance * scale }));
  const width = Math.max(1, Math.ceil(advances.reduce((sum, { advance }) => sum + advance, 0)));
  const height = Math.ceil(size * 1.2);
  const dark = new Uint8Array(width * height);
  let left = 0;
  for (const { sign, advance } of advances) {
    copy(signDots(sign, size, weight), dark, Math.round(left), width);
    left += advance;
  }
  return { width, height, dark };
}

function copy(from: Bitmap, to: Uint8Array, left: number, width: number): void {
  for (let y = 0; y < from.height; y += 1) {
    for (let x = 0; x < from.width && left + x < width; x += 1) if (from.dark[y * from.width + x] === 1) to[y * width + left + x] = 1;
  }
}

function signDots(sign: string, size: number, weight: Weight): Bitmap {
  const key = `${weight} ${size} ${sign}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const font = fontOf(weight);
  const { advance, outline } = font.signOf(sign);
  const scale = size / font.unitsPerEm;
  const made = filled(edgesOf(outline, scale, size * font.ascent), Math.ceil(advance * scale) + 1, Math.ceil(size * 1.2));
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, made);
  return made;
}

/** The outline's edges in dots, y downwards; curves as short straight ones. */
function edgesOf(outline: Outline, scale: number, base: number): Edge[] {
  const edges: Edge[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const to = (nextX: number, nextY: number): void => {
    if (nextY !== y) edges.push(y < nextY ? { x0: x, y0: y, x1: nextX, y1: nextY, turn: 1 } : { x0: nextX, y0: nextY, x1: x, y1: y, turn: -1 });
    [x, y] = [nextX, nextY];
  };
  for (const { command, args } of outline) {
    const points = args.map((value, at) => (at % 2 === 0 ? value * scale : base - value * scale));
    if (command === 'moveTo') [x, y, startX, startY] = [points[0]!, points[1]!, points[0]!, points[1]!];
    else if (command === 'lineTo') to(points[0]!, points[1]!);
    else if (command === 'closePath') to(startX, startY);
    else {
      const control = [x, y, ...points];
      for (let step = 1; step <= CURVE_STEPS; step += 1) to(...bezier(control, step / CURVE_STEPS));
    }
  }
  return edges;
}

/** A point of a Bézier curve of any degree, by de Casteljau. */
function bezier(control: readonly number[], t: number): [number, number] {
  let points = control;
  while (points.length > 2) {
    const last = points;
    points = last.slice(0, -2).map((value, at) => value + (last[at + 2]! - value) * t);
  }
  return [points[0]!, points[1]!];
}

/** Dots whose middle lies inside, by the rule of non-zero winding. */
function filled(edges: readonly Edge[], width: number, height: number): Bitmap {
  const dark = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const middle = row + 0.5;
    const crossings = edges.filter(({ y0, y1 }) => y0 <= middle && middle < y1)
      .map(({ x0, y0, x1, y1, turn }) => ({ x: x0 + ((middle - y0) / (y1 - y0)) * (x1 - x0), turn }))
      .sort((a, b) => a.x - b.x);
    let winding = 0;
    for (const [at, { x, turn }] of crossings.entries()) {
      winding += turn;
      const next = crossings[at + 1];
      if (winding === 0 || next === undefined) continue;
      for (let dot = Math.max(0, Math.ceil(x - 0.5)); dot + 0.5 < next.x && dot < width; dot += 1) dark[row * width + dot] = 1;
    }
  }
  return { width, height, dark };
}
