import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DRAINING_HEADER, ServiceTokenError } from '@quanyu/calls';
import { beginSpan, expressRoute, log, TRACE_HEADER, watchRequest, within } from '@quanyu/telemetry';
import { DoorError } from './errors.js';

/** One door: answers a request whose path begins with its own. */
export interface Door {
  /** Exact, or with a slash at its end for all that lies below. */
  readonly path: string;
  handle(request: IncomingMessage, response: ServerResponse, rest: string): Promise<void>;
}

/** What listens on a subgraph's port. */
export interface DoorServer {
  readonly port: number;
  /**
   * Is no longer ready, still takes requests for `graceMs` and says with each answer that callers should turn away,
   * then closes and lets what runs end, for 12 seconds at most.
   */
  drain(graceMs: number): Promise<void>;
}

export interface DoorServerOptions {
  readonly host: string;
  readonly port: number;
  readonly doors: readonly Door[];
  /** Takes what no door does; `null` where there is nothing more. */
  readonly others: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  readonly ready: () => Promise<boolean>;
}

const LONGEST_RUN_MS = 12_000;
/** Longer than any caller keeps an idle connection: it is they who close it. */
const KEEP_ALIVE_MS = 60_000;

/** Listens: `/healthz`, `/readyz`, the doors. */
export async function openDoors(options: DoorServerOptions): Promise<DoorServer> {
  let draining = false;
  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 });
  http.on('request', (request, response) => {
    // Each connection is given up after its next answer, and never under a request.
    if (draining) response.setHeader('connection', 'close').setHeader(DRAINING_HEADER, 'soon');
    watched(options, request, response, () => void answer(options, () => !draining, request, response).catch((error: unknown) => refuse(response, error)));
  });
  await listen(http, options);
  const { port } = http.address() as AddressInfo;

  return {
    port,
    async drain(graceMs) {
      draining = true;
      await sleep(graceMs);
      const closed = new Promise((resolve) => http.close(resolve));
      const sweep = setInterval(() => http.closeIdleConnections(), 50);
      const force = setTimeout(() => {
        log.warn('requests cut off', {});
        http.closeAllConnections();
      }, LONGEST_RUN_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(force);
    },
  };
}

/** Keeps how long it took, and goes on with the caller's trace. Who comes without one begins none: events bring their own. */
function watched({ doors }: DoorServerOptions, request: IncomingMessage, response: ServerResponse, work: () => void): void {
  const path = pathOf(request);
  if (path === '/healthz' || path === '/readyz') return work();
  const parent = request.headers[TRACE_HEADER];
  const span = typeof parent === 'string' ? beginSpan('request', { kind: 'server', parent }) : undefined;
  watchRequest(request, response, () => doorFor(doors, path)?.path ?? expressRoute(request) ?? 'other', span);
  within(span, work);
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0]!;

const doorFor = (doors: readonly Door[], path: string): Door | undefined =>
  doors.find((candidate) => (candidate.path.endsWith('/') ? path.startsWith(candidate.path) : path === candidate.path));

async function answer(options: DoorServerOptions, mayBeReady: () => boolean, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request);
  if (path === '/healthz') return sendJson(response, 200, { status: 'live' });
  if (path === '/readyz') {
    const ready = mayBeReady() && await options.ready().catch(() => false);
    return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' });
  }
  const door = doorFor(options.doors, path);
  if (door !== undefined) return door.handle(request, response, path.slice(door.path.length));
  if (options.others === null) throw new DoorError(404, 'NOT_FOUND');
  options.others(request, response);
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) }).end(text);
}

/** Words for a caller that is one of us: a code. What was wrong inside stays inside. */
function refuse(response: ServerResponse, error: unknown): void {
  const [status, code] = error instanceof DoorError ? [error.status, error.code] : error instanceof ServiceTokenError ? [401, error.code] : [500, 'INTERNAL_SERVER_ERROR'];
  if (status === 500) log.error('a door failed', { error });
  if (response.headersSent) return void response.destroy();
  // The body may not have been read, so nothing more can come over this connection.
  response.setHeader('connection', 'close');
  sendJson(response, status, { error: { code } });
}

const listen = (http: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
