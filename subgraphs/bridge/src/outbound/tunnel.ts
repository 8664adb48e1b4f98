import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import { PlatformError } from './platform-error.js';
import { isPublic, publicLookup } from './public-address.js';

interface Place { readonly host: string; readonly port: number }

/** A connection to a server that does not speak HTTP: to public addresses only, or by CONNECT through the proxy, which is told the real name. */
export function openTunnel(place: Place, { via, timeoutMs }: { readonly via: string | null; readonly timeoutMs: number }): Promise<Socket> {
  return via === null ? direct(place, timeoutMs) : through(via, place, timeoutMs);
}

function direct({ host, port }: Place, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Numbers are never looked up, so they are looked at here.
    if (isIP(host) !== 0 && !isPublic(host)) return reject(new PlatformError('ADDRESS_NOT_ALLOWED', { host }));
    const socket = connect({ host, port, lookup: publicLookup, timeout: timeoutMs });
    socket.once('connect', () => { socket.setTimeout(0); resolve(socket); });
    socket.once('timeout', () => { socket.destroy(); reject(new PlatformError('PLATFORM_TIMEOUT', { host })); });
    socket.once('error', (error) => reject(error instanceof PlatformError ? error : new PlatformError('PLATFORM_UNREACHABLE', { host, cause: error })));
  });
}

function through(via: string, { host, port }: Place, timeoutMs: number): Promise<Socket> {
  const proxy = new URL(via);
  const ask = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = ask({ method: 'CONNECT', host: proxy.hostname, port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80), path: `${host}:${port}`, headers: { host: `${host}:${port}` }, timeout: timeoutMs });
    const fail = (code: 'PLATFORM_TIMEOUT' | 'PLATFORM_UNREACHABLE' | 'PLATFORM_DOWN' | 'ANSWER_INVALID', cause?: unknown): void => { request.destroy(); reject(new PlatformError(code, { host, cause })); };
    request.once('timeout', () => fail('PLATFORM_TIMEOUT'));
    request.once('error', (error) => fail('PLATFORM_UNREACHABLE', error));
    // An answer to CONNECT that opens nothing comes as a response.
    request.once('response', ({ statusCode = 0 }) => fail(statusCode >= 500 ? 'PLATFORM_DOWN' : 'ANSWER_INVALID'));
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      if (statusCode !== 200) { socket.destroy(); return fail(statusCode >= 500 ? 'PLATFORM_DOWN' : 'ANSWER_INVALID'); }
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}
