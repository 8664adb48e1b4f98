import type { IncomingMessage } from 'node:http';

/**
 * Tells where a request comes from. Behind `proxies` proxies of our own it is that many steps from the end of
 * X-Forwarded-For: what stands before was written by whoever asks. IPv6 counts by its /64, which one customer has.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const hops = [...String(request.headers['x-forwarded-for'] ?? '').split(',').map((hop) => hop.trim()).filter(Boolean), request.socket.remoteAddress ?? ''];
  const address = proxies === 0 ? hops.at(-1) : hops.at(-1 - Math.min(proxies, hops.length - 1));
  const plain = (address ?? '').replace(/^::ffff:/, '').slice(0, 64);
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
}
