import type { IncomingMessage, ServerResponse } from 'node:http';
import { beginSpan, secondsSince, within } from '@quanyu/telemetry';
import { httpSeconds } from './metrics.js';

/**
 * Keeps how long a request took, and begins a trace where it may set something off. A traceparent from outside is not
 * taken: whoever calls from the world does not decide what is traced here.
 * @param routeOf asked at the end: the path as the code writes it, never as it came, which may hold anything.
 */
export function watchHttp(request: IncomingMessage, response: ServerResponse, routeOf: () => string, work: () => void): void {
  const startedAt = performance.now();
  const span = request.method === 'POST' ? beginSpan('POST', { kind: 'server', parent: null }) : undefined;
  response.once('close', () => {
    const route = routeOf();
    // 499, as proxies say: the caller has gone before our answer.
    const status = response.writableFinished ? response.statusCode : 499;
    httpSeconds.observe({ route, status: String(status) }, secondsSince(startedAt));
    span?.rename(`${request.method} ${route}`);
    span?.tell({ httpStatus: status, requestId: String(response.getHeader('x-request-id')) });
    span?.end(status >= 500 ? { name: 'HTTP', code: status } : undefined);
  });
  within(span, work);
}
