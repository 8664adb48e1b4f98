import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Viewer } from '@quanyu/viewer';
import { createGraphServer } from './apollo-server.js';
import type { Authenticator } from './authenticator.js';
import type { AnswerCache } from './cache/answer-cache.js';
import { refusal } from './errors.js';
import { createGraphRoute } from './http/graph-route.js';
import type { Paces } from './http/pace.js';
import type { Gate } from './limits/gate.js';
import { limitRules } from './limits/rules.js';
import { createLive, type LiveSettings } from './live/live.js';
import { serveGraph } from './plan/apollo-gateway.js';
import { createDocumentPreparer } from './plan/prepare-document.js';
import { operationsIn, plannedOf, warmUp } from './plan/warm-up.js';
import type { Supergraph } from './supergraph.js';
import type { Usage } from './usage/usage.js';

/** What a face of the graph is made of. */
export interface FaceOptions {
  readonly path: string;
  readonly supergraph: Supergraph;
  readonly authenticator: Authenticator;
  readonly introspection: boolean;
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly live?: LiveSettings | undefined;
  readonly gate?: Gate | undefined;
  readonly cache?: AnswerCache | undefined;
  readonly usage?: Usage | undefined;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly paces: Paces;
}

/** One address of the graph, over HTTP and WebSocket, with a schema of its own. */
export interface Face {
  readonly path: string;
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers from another composition, once what was asked last is planned for it. */
  swap(next: Supergraph): Promise<void>;
  /** Plans documents that will be asked for. */
  warmUp(documents: readonly string[]): Promise<void>;
  /** Ends what is open, so that the HTTP server can drain. */
  closeLive(): Promise<void>;
  stop(): Promise<void>;
}

/** Serves a graph at one address. */
export async function createFace({ path, supergraph, authenticator, introspection, allowedOrigins, gate, cache, usage, addressOf, paces, live: settings = {} }: FaceOptions): Promise<Face> {
  const graph = serveGraph(supergraph);
  const server = createGraphServer(graph, { introspection });
  await server.apollo.start();
  const prepare = createDocumentPreparer(limitRules({ introspection }));
  const live = createLive({
    current: graph.current, authenticator, introspection, prepare,
    origins: allowedOrigins, addressOf, gate, usage,
  }, settings);
  const route = createGraphRoute({ paces, server, authenticator, introspection, openStream: live.openStream, gate, cache, usage, addressOf, allowedOrigins });
  return {
    path,
    handle: (request, response) => void route.handle(request, response),
    upgrade: live.upgrade,
    async swap(next) {
      await warmUp(next, plannedOf(graph.current()), prepare);
      graph.swap(next);
      await live.swap(next);
    },
    warmUp: (documents) => warmUp(graph.current(), documents.flatMap((source) => operationsIn(source, prepare(graph.current(), source))), prepare),
    async closeLive() {
      route.close();
      await live.close();
    },
    stop: () => server.apollo.stop(),
  };
}

/** Lets only some viewers through an authenticator. */
export const onlyFor = (authenticator: Authenticator, welcome: (viewer: Viewer) => boolean): Authenticator => ({
  ...authenticator,
  async authenticate(credentials) {
    const admitted = await authenticator.authenticate(credentials);
    if (!welcome(admitted.viewer)) throw refusal('UNAUTHENTICATED', { reason: 'PARTNER_KEY_NEEDED' });
    return admitted;
  },
});
