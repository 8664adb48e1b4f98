import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { log } from '../log.js';
import { METRICS_TYPE, metricsText, watchProcess } from './metrics.js';

/** A listener that answers `GET /metrics`. */
export interface MetricsServer {
  readonly port: number;
  /** `http://host:port/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves this process's metrics on a port of their own: what they tell of trade and load is nobody else's business, and
 * a port that the world cannot reach needs no password. Give an address of a private network, or loopback.
 * @param at port 0 takes a free one.
 */
export async function serveMetrics(at: { readonly host: string; readonly port: number }): Promise<MetricsServer> {
  watchProcess();
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') return end(response, 404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, { allow: 'GET' });
    metricsText().then(
      (text) => end(response, 200, { 'content-type': METRICS_TYPE, 'cache-control': 'no-store' }, text),
      (error: unknown) => {
        log.error('metrics cannot be told', { error });
        end(response, 500);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => { server.off('error', reject); resolve(); });
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}/metrics`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void {
  response.writeHead(status, { 'x-content-type-options': 'nosniff', ...headers }).end(body);
}
