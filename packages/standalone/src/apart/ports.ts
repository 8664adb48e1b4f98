import { createServer } from 'node:net';

/** Below the range that systems take outgoing ports from, so that none is lost between looking and listening. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

const isFree = (port: number): Promise<boolean> => new Promise((resolve) => {
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});

/** Finds free ports; the first from `wanted` on, where that is not 0. */
export async function freePorts(count: number, wanted: number): Promise<number[]> {
  const ports: number[] = [];
  let next = wanted === 0 ? LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - 500)) : wanted;
  while (ports.length < count) {
    if (await isFree(next)) ports.push(next);
    next += 1;
  }
  return ports;
}
