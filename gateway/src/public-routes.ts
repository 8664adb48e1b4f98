import { type ServiceClient } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { log } from '@quanyu/telemetry';
import type { Express, Request, Response } from 'express';
import type { PublicRoute } from './environment.js';

/** A little more than any route takes, so that it is the route that says so. */
const LARGEST = 4 * 1024 * 1024 + 64 * 1024;
const ANSWER_WITHIN_MS = 15_000;
/** Of one connection only, or ours to say. `x-viewer` and the like mean something between services. */
const NOT_PASSED = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'proxy-authorization', 'proxy-authenticate', 'expect', 'host', 'content-length', 'authorization', 'x-viewer', 'x-draining', 'traceparent', 'tracestate']);

/**
 * Hands paths for the outside platforms on to the subgraph that answers them, byte for byte, with host and client
 * address. What they post is idempotent by their own ids, so a request that may have been lost goes out again.
 */
export function mountPublicRoutes(app: Express, routes: readonly PublicRoute[], client: ServiceClient): void {
  for (const { path, subgraph } of routes) {
    app.use(path, (request, response) => {
      response.locals['route'] = path;
      void pass(request, response, subgraph, client);
    });
  }
}

async function pass(request: Request, response: Response, subgraph: string, client: ServiceClient): Promise<void> {
  try {
    const body = await bodyOf(request);
    if (body === 'TOO_LARGE') return refuse(response, 413, 'BODY_TOO_LARGE', 'The body is too large.');
    const answer = await client.request(subgraph, {
      method: request.method as 'POST', path: request.originalUrl, body, repeatable: true, timeoutMs: ANSWER_WITHIN_MS, headers: forwarded(request),
    });
    for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined && !NOT_PASSED.has(name)) response.setHeader(name, value);
    response.status(answer.status).end(answer.body);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    log.warn('a public route is away', { subgraph, error });
    refuse(response, 503, 'UNAVAILABLE', 'We cannot take this in just now; send it again.');
  }
}

function forwarded(request: Request): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined && !NOT_PASSED.has(name)) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  const client = request.socket.remoteAddress ?? '';
  headers['x-forwarded-for'] = headers['x-forwarded-for'] === undefined ? client : `${headers['x-forwarded-for']}, ${client}`;
  headers['x-forwarded-host'] ??= request.headers.host ?? '';
  headers['x-forwarded-proto'] ??= request.protocol;
  return headers;
}

/** By events: who breaks off a loop over a request destroys its connection, and the answer with it. */
const bodyOf = (request: Request): Promise<Buffer | 'TOO_LARGE'> => new Promise((resolve, reject) => {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= LARGEST) chunks.push(chunk);
    else resolve('TOO_LARGE');
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('close', () => reject(new Error('The sender has gone')));
});

function refuse(response: Response, status: number, code: string, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.status(status).set('connection', 'close').json({ error: { code, message, requestId: newId('req') } });
}
