import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { log } from '@quanyu/telemetry';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { languageOf } from '../language.js';
import { keepAlive } from './keep-alive.js';
import { protocolOf, type Connection, type LiveOptions } from './protocol.js';

/** The WebSocket door of the gateway (graphql-transport-ws). */
export interface LiveServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every connection with 1001 and ends those that do not answer. */
  close(): Promise<void>;
}

const LARGEST_MESSAGE = 256 * 1024;
const PING_MILLISECONDS = 25_000;
const INIT_WAIT_MILLISECONDS = 3_000;
const CLOSE_WAIT_MILLISECONDS = 1_000;

/** Makes the WebSocket server; the HTTP server hands it its upgrades. */
export function createLiveServer(options: LiveOptions): LiveServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, perMessageDeflate: false, handleProtocols });
  const graph = makeServer({ ...protocolOf(options), connectionInitWaitTimeout: INIT_WAIT_MILLISECONDS });
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    serve(graph, socket, request);
    keepAlive(socket, options.pingMilliseconds ?? PING_MILLISECONDS);
  });

  return {
    upgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
    },
    async close() {
      for (const client of sockets.clients) client.close(1001, 'Going away');
      const force = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), CLOSE_WAIT_MILLISECONDS);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(force);
    },
  };
}

// The package's own glue prints errors to the console and sends their texts to clients.
function serve(graph: ReturnType<typeof makeServer<Record<string, unknown>, Connection>>, socket: WebSocket, request: IncomingMessage): void {
  const connection: Connection = {
    language: languageOf(request.headers['accept-language']),
    close: (code, reason) => socket.close(code, reason),
    requestIds: new Map(),
  };
  const closed = graph.opened(
    {
      protocol: socket.protocol,
      send: (text) => new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        socket.send(text, (error) => (error ? reject(error) : resolve()));
      }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) => {
        socket.on('message', (message) => {
          receive(String(message)).catch((error: unknown) => {
            log.error('a live message failed', { error });
            socket.close(4500, 'Internal server error');
          });
        });
      },
    },
    connection,
  );
  // Frames that break the protocol or are too large: ws closes by itself.
  socket.on('error', (error) => log.debug('a live connection broke its protocol', { error }));
  socket.once('close', (code, reason) => {
    connection.gone = true;
    clearTimeout(connection.expiry);
    closed(code, String(reason)).catch((error: unknown) => log.error('a live connection did not close well', { error }));
  });
}
