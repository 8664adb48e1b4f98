import type { IncomingMessage, ServerResponse } from 'node:http';
import { histogram } from './metrics/metrics.js';
import { secondsSince } from './metrics/timed.js';
import type { OpenSpan } from './tracing/tracer.js';

const httpSeconds = histogram('quanyu_http_seconds', 'How long a request took at the door, from its first byte to our last.', ['route', 'status']);

/** The caller has gone before our answer, as proxies say. */
const GONE = 499;

/**
 * Keeps how long a request takes, and ends its span with it.
 * @param routeOf the path as the code writes it, asked at the end; never the path as it came: that may hold anything.
 */
export function watchRequest(request: IncomingMessage, response: ServerResponse, routeOf: () => string, span?: OpenSpan): void {
  const startedAt = performance.now();
  response.once('close', () => {
    const route = routeOf();
    const status = response.writableFinished ? response.statusCode : GONE;
    httpSeconds.observe({ route, status: String(status) }, secondsSince(startedAt));
    span?.rename(`${request.method} ${route}`);
    span?.tell({ httpStatus: status, requestId: idOf(response) });
    span?.end(status >= 500 ? { name: 'HTTP', code: status } : undefined);
  });
}

const idOf = (response: ServerResponse): string | undefined => {
  const id = response.getHeader('x-request-id');
  return typeof id === 'string' ? id : undefined;
};

/** The route that express has found, as the code writes it. */
export function expressRoute(request: IncomingMessage): string | undefined {
  const { path } = ((request as { readonly route?: unknown }).route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : undefined;
}
