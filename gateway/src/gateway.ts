import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '@quanyu/telemetry';
import type { Express } from 'express';
import { createGraphServer } from './apollo-server.js';
import type { Authenticator } from './authenticator.js';
import type { ExplorerExample } from './explorer/routes.js';
import { createApp } from './http/app.js';
import { createGraphRoute } from './http/graph-route.js';
import { limitRules } from './limits/rules.js';
import { createLive, type LiveSettings } from './live/live.js';
import { knowOperations } from './metrics.js';
import { serveGraph } from './plan/apollo-gateway.js';
import { createDocumentPreparer } from './plan/prepare-document.js';
import type { SubgraphSource } from './sources/source.js';
import { loadSupergraph } from './supergraph.js';
import { watchHttp } from './watch-http.js';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** The composed supergraph. */
  readonly supergraphSdl: string;
  /** One for each subgraph in it. */
  readonly sources: readonly SubgraphSource[];
  readonly authenticator: Authenticator;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** GraphiQL at `/explorer`, with these queries as its first tabs. */
  readonly explorer: boolean | { readonly examples: readonly ExplorerExample[] };
  readonly introspection: boolean;
  /** Origins whose pages may read answers of the graph and open WebSockets, as `https://admin.example.com`; none by default. */
  readonly allowedOrigins?: readonly string[];
  /** Documents of our own clients: metrics tell their operations apart and count all others together. */
  readonly operations?: readonly string[];
  /** Adds routes of others to the application, ahead of every body parser. */
  readonly mount?: (app: Express) => void;
  /** What `/readyz` asks; a gateway that closes is never ready. */
  readonly ready?: () => Promise<boolean>;
  readonly live?: LiveSettings;
}

/** A gateway that listens. */
export interface RunningGateway {
  readonly port: number;
  /** `http://host:port`, without a path. */
  readonly url: string;
  /** Answers new requests from another composition; what runs finishes on the old one, streams go on in the new one. */
  swapSupergraph(supergraphSdl: string, sources: readonly SubgraphSource[]): Promise<void>;
  /**
   * Is no longer ready and closes live connections with 1001, still takes requests for `graceMs` and gives up each
   * connection after its next answer; then takes no more and finishes what runs (10 s at most).
   */
  close(graceMs?: number): Promise<void>;
}

const GRAPH = '/graphql';
const DRAIN_MILLISECONDS = 10_000;

/** Starts a gateway on one port: HTTP and WebSocket at `/graphql`, `/healthz`, `/readyz`, and the explorer where it is wanted. */
export async function createGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { authenticator, introspection } = options;
  const graph = serveGraph(loadSupergraph(options.supergraphSdl, options.sources));
  const server = createGraphServer(graph, { introspection });
  await server.apollo.start();
  knowOperations(options.operations ?? []);
  let closing = false;

  const live = createLive({
    current: graph.current, authenticator, introspection, prepare: createDocumentPreparer(limitRules({ introspection })),
    origins: options.allowedOrigins, addressOf: (request) => request.socket.remoteAddress ?? '',
  }, options.live ?? {});
  const route = createGraphRoute({ server, authenticator, introspection, openStream: live.openStream, allowedOrigins: options.allowedOrigins });
  const app = createApp({
    graph: GRAPH,
    introspection,
    explorer: options.explorer === false ? null : options.explorer === true ? [] : options.explorer.examples,
    mount: options.mount,
    ready: async () => !closing && (options.ready === undefined || (await options.ready())),
  });
  // Checked every 2 s, else the two timeouts would only be noticed every 30 s.
  const http = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 });
  http.on('request', (request, response) => {
    // Kept-alive connections would hold up the close.
    if (closing) response.setHeader('connection', 'close');
    if (pathOf(request) === GRAPH) return watchHttp(request, response, () => GRAPH, () => void route.handle(request, response));
    app(request, response);
  });
  http.on('upgrade', (request, socket, head) => {
    if (!closing && pathOf(request) === GRAPH) return live.upgrade(request, socket, head);
    socket.end(`HTTP/1.1 ${closing ? '503 Service Unavailable' : '404 Not Found'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  await listen(http, options.port, options.host);
  const { port } = http.address() as AddressInfo;
  log.info('the gateway listens', { port });

  const close = async (graceMs: number): Promise<void> => {
    closing = true;
    route.close();
    const left = live.close();
    if (graceMs > 0) await sleep(graceMs);
    await drain(http, left);
    await server.apollo.stop();
  };
  let closed: Promise<void> | undefined;

  return {
    port,
    url: `http://${urlHost(options.host)}:${port}`,
    async swapSupergraph(sdl, sources) {
      graph.swap(loadSupergraph(sdl, sources));
      await live.swap(graph.current());
    },
    close: (graceMs = 0) => (closed ??= close(graceMs)),
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
};

const listen = (http: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });

async function drain(http: Server, left: Promise<void>): Promise<void> {
  const stopped = new Promise((resolve) => http.close(resolve));
  // Connections whose last answer was under way become idle one by one.
  const sweep = setInterval(() => http.closeIdleConnections(), 50);
  const force = setTimeout(() => http.closeAllConnections(), DRAIN_MILLISECONDS);
  await Promise.all([left, stopped]);
  clearInterval(sweep);
  clearTimeout(force);
}

const urlHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
};
