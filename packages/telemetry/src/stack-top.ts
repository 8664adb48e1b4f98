import { fileURLToPath } from 'node:url';
import { scrub } from './scrub.js';

// The repository's root, in both spellings of a stack frame: file:///srv/quanyu/ and /srv/quanyu/.
const ROOT_URL = new URL('../../../', import.meta.url);
const ROOTS = [ROOT_URL.href, fileURLToPath(ROOT_URL)];
// A forged frame in a message may carry anything; a place in our code has no spaces and ends in line:column.
const PLACE = /^[A-Za-z0-9_./-]+:\d+:\d+$/;
const MOST_READ = 10_000;

/**
 * Finds the first frame of a stack that lies in our own code, relative to the repository.
 *
 * A stack begins with the error's message, so that is cut off first: it may quote anything.
 */
export function stackTop(stack: string, message: unknown): string | undefined {
  const header = typeof message === 'string' ? stack.indexOf(message) : -1;
  const frames = header === -1 ? stack : stack.slice(header + String(message).length);
  for (const line of frames.slice(0, MOST_READ).split('\n')) {
    const place = /^\s+at /.test(line) ? placeIn(line) : undefined;
    if (place !== undefined) return place;
  }
  return undefined;
}

function placeIn(frame: string): string | undefined {
  for (const root of ROOTS) {
    const start = frame.indexOf(root);
    if (start === -1) continue;
    const place = frame.slice(start + root.length).replace(/\)$/, '').replaceAll('\\', '/');
    if (!PLACE.test(place) || place.includes('node_modules/')) return undefined;
    const [, path = '', position = ''] = /^(.*?)(:\d+:\d+)$/.exec(place) ?? [];
    return scrub(path, 200) + position;
  }
  return undefined;
}
