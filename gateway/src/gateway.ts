import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '@quanyu/telemetry';
import type { CallHandler } from '@quanyu/calls';
import type { ViewerClaims } from '@quanyu/viewer';
import type { Express } from 'express';
import type { Authenticator } from './authenticator.js';
import { followChanges, type AnswerCacheSettings } from './cache/follow-changes.js';
import type { ExplorerExample } from './explorer/routes.js';
import { createFace, onlyFor, type Face } from './face.js';
import { createApp } from './http/app.js';
import { limitConnections, type ConnectionLimits } from './http/connections.js';
import { listenOn, type Listening } from './http/listen.js';
import { Paces } from './http/pace.js';
import { clientAddress } from './limits/client-address.js';
import { createLimiting, type LimitSettings } from './limits/limiting.js';
import type { LiveSettings } from './live/live.js';
import { createMcpRoute } from './mcp/mcp-route.js';
import { knowOperations } from './metrics.js';
import { publicGraph } from './public/public-graph.js';
import { documentCalls } from './public/run-document.js';
import { createRestRoute, REST } from './rest/rest-route.js';
import type { SubgraphSource } from './sources/source.js';
import { loadSupergraph } from './supergraph.js';
import { Usage, type UsageSettings } from './usage/usage.js';
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
  /** Limits of who may ask how much; none without it. */
  readonly limits?: LimitSettings;
  /** Answers that are kept where the schema allows it; none without it. */
  readonly cache?: AnswerCacheSettings;
  /** Where it is kept who asks for which field; not counted without it. */
  readonly usage?: UsageSettings;
  /** Lets assistants call `operations` as tools at `/mcp`; those that change something too, or only those that read. Not there without it. */
  readonly mcp?: 'all' | 'read';
  /** How many connections are held open over HTTP. */
  readonly connections?: ConnectionLimits;
  /** Proxies of our own in front, whose word on the client's address is taken; 0 by default. */
  readonly proxies?: number;
  /** Who a partner's key is now; without it no stored documents are run. */
  readonly viewerOfKey?: (tenantId: string, keyId: string) => Promise<ViewerClaims | null>;
  /** false: no `/public/graphql`, for compositions without a contract. */
  readonly publicGraph?: boolean;
  /** Equal queries of the same rights that are under way at the same time are one; off by default, since who joins may miss the newest change. */
  readonly shareReads?: boolean;
}

/** A gateway that listens. */
export interface RunningGateway {
  readonly port: number;
  /** `http://host:port`, without a path. */
  readonly url: string;
  /** What it does for services. */
  readonly calls: readonly CallHandler[];
  /** Answers new requests from another composition; what runs finishes on the old one, streams go on in the new one. */
  swapSupergraph(supergraphSdl: string, sources: readonly SubgraphSource[]): Promise<void>;
  /**
   * Is no longer ready and closes live connections with 1001, still takes requests for `graceMs` and gives up each
   * connection after its next answer; then takes no more and finishes what runs (10 s at most).
   */
  close(graceMs?: number): Promise<void>;
}

const GRAPH = '/graphql';
const PUBLIC_GRAPH = '/public/graphql';
const MCP = '/mcp';
const DRAIN_MILLISECONDS = 10_000;

/** Starts a gateway on one port: HTTP and WebSocket at `/graphql` and, for partners, `/public/graphql` with its mirror `/rest/v1`; `/healthz`, `/readyz`, and the explorer where it is wanted. */
export async function createGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { authenticator, introspection } = options;
  const first = loadSupergraph(options.supergraphSdl, options.sources, options);
  const paces = new Paces();
  const limiting = options.limits && createLimiting(options.limits, paces);
  let current = first;
  const answers = options.cache && followChanges(options.cache, (name) => current.sources.get(name));
  const usage = options.usage && new Usage(options.usage);
  const addressOf = (request: IncomingMessage): string => clientAddress(request, options.proxies ?? 0);
  const shared = { paces, introspection, allowedOrigins: options.allowedOrigins, live: options.live, addressOf, cache: answers?.cache, usage };
  const own = await createFace({ ...shared, gate: limiting?.own, path: GRAPH, supergraph: first, authenticator });
  const partnersOnly = onlyFor(authenticator, ({ kind }) => kind === 'partner');
  // Its schema is the partners' manual, so it can be read by whoever has a key.
  let contract = options.publicGraph === false ? null : publicGraph(first);
  const partners = contract === null ? null : await createFace({
    ...shared, gate: limiting?.partners, path: PUBLIC_GRAPH, supergraph: contract, authenticator: partnersOnly, introspection: true,
  });
  const faces = partners === null ? [own] : [own, partners];
  const faceOf = (request: IncomingMessage): Face | undefined => faces.find(({ path }) => path === pathOf(request));
  knowOperations(options.operations ?? []);
  const mcp = options.mcp && createMcpRoute({
    current: () => current, documents: options.operations ?? [], changes: options.mcp === 'all', authenticator, gate: limiting?.own, usage, addressOf, allowedOrigins: options.allowedOrigins,
  });
  const rest = contract === null ? undefined : createRestRoute({ current: () => contract!, authenticator: partnersOnly, gate: limiting?.partners, usage, addressOf });
  let closing = false;
  // Where nothing else is run it is known what will be asked for; until it is planned others may serve.
  let warm = options.limits?.onlyTrusted !== true;
  if (!warm) void own.warmUp(options.operations ?? []).finally(() => { warm = true; });

  const app = createApp({
    graph: GRAPH,
    introspection,
    explorer: options.explorer === false ? null : options.explorer === true ? [] : options.explorer.examples,
    mount: options.mount,
    ready: async () => warm && !closing && (options.ready === undefined || (await options.ready())),
  });

  // Checked every 2 s, else the two timeouts would only be noticed every 30 s.
  // Longer than any balancer keeps an idle connection: it is they who close it, and never under a request.
  const http = createServer({ keepAliveTimeout: 75_000, headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 });
  limitConnections(http, options.connections ?? {}, (options.proxies ?? 0) === 0);
  http.on('request', (request, response) => {
    // Kept-alive connections would hold up the close.
    if (closing) response.setHeader('connection', 'close');
    const face = faceOf(request);
    if (mcp !== undefined && pathOf(request) === MCP) return watchHttp(request, response, () => MCP, () => void mcp.handle(request, response));
    if (rest !== undefined && pathOf(request).startsWith(`${REST}/`)) return watchHttp(request, response, () => REST, () => void rest.handle(request, response));
    if (face === undefined) return app(request, response);
    watchHttp(request, response, () => face.path, () => face.handle(request, response));
  });
  http.on('upgrade', (request, socket, head) => {
    const face = faceOf(request);
    if (!closing && face !== undefined) return face.upgrade(request, socket, head);
    socket.end(`HTTP/1.1 ${closing ? '503 Service Unavailable' : '404 Not Found'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  const listening = await listenOn(http, options.port, options.host);
  const { port } = listening;
  log.info('the gateway listens', { port });

  const close = async (graceMs: number): Promise<void> => {
    closing = true;
    const left = Promise.all(faces.map((face) => face.closeLive()));
    if (graceMs > 0) await sleep(graceMs);
    await drain(http, listening, left);
    await Promise.all(faces.map((face) => face.stop()));
    answers?.stop();
    await usage?.stop();
    limiting?.stop();
  };
  let closed: Promise<void> | undefined;

  return {
    port,
    calls: contract === null || options.viewerOfKey === undefined ? [] : documentCalls({ current: () => contract!, viewerOfKey: options.viewerOfKey, gate: limiting?.partners, usage }),
    url: `http://${urlHost(options.host)}:${port}`,
    async swapSupergraph(sdl, sources) {
      const next = loadSupergraph(sdl, sources, options);
      // Made before anything is swapped: a contract with holes must not leave the two apart.
      const promised = partners && publicGraph(next);
      current = next;
      await own.swap(next);
      if (promised !== null) {
        contract = promised;
        await partners?.swap(promised);
      }
    },
    close: (graceMs = 0) => (closed ??= close(graceMs)),
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
};

async function drain(http: Server, listening: Listening, left: Promise<unknown>): Promise<void> {
  const stopped = listening.close();
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
