import type { IncomingMessage, ServerResponse } from 'node:http';
import { beginSpan, watchRequest, within } from '@quanyu/telemetry';

/**
 * Keeps how long a request took, and begins a trace where it may set something off. A traceparent from outside is not
 * taken: whoever calls from the world does not decide what is traced here.
 * @param routeOf asked at the end: the path as the code writes it, never as it came, which may hold anything.
 */
export function watchHttp(request: IncomingMessage, response: ServerResponse, routeOf: () => string, work: () => void): void {
  const span = request.method === 'POST' ? beginSpan('POST', { kind: 'server', parent: null }) : undefined;
  watchRequest(request, response, routeOf, span);
  within(span, work);
}
