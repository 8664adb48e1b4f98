import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { log } from '@quanyu/telemetry';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { languageOf } from '../language.js';
import { liveConnections } from '../metrics.js';
import { LiveConnection } from './connection.js';
import { LiveDoor, MessageMeter, type DoorOptions } from './door.js';
import { keepAlive } from './keep-alive.js';
import { protocolOf, type Connection, type LiveOptions } from './protocol.js';

/** The WebSocket door of the gateway (graphql-transport-ws). */
export interface LiveServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every connection with 1001 and ends those that do not answer. */
  close(): Promise<void>;
}

/** What the WebSocket door needs of the gateway. */
export interface LiveServerOptions extends LiveOptions, DoorOptions {
  readonly pingMilliseconds?: number;
  /** How long a client may leave what was sent unread. */
  readonly stallMilliseconds?: number;
}

const LARGEST_MESSAGE = 256 * 1024;
const PING_MILLISECONDS = 25_000;
const INIT_WAIT_MILLISECONDS = 3_000;
const MESSAGES_PER_SECOND = 20;
const MESSAGES_AT_ONCE = 100;
const POLICY_VIOLATION = 1008;
const CLOSE_WAIT_MILLISECONDS = 1_000;

/** Makes the WebSocket server; the HTTP server hands it its upgrades. */
export function createLiveServer(options: LiveServerOptions): LiveServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, perMessageDeflate: false, handleProtocols });
  const door = new LiveDoor(options);
  const graph = makeServer({ ...protocolOf(options), connectionInitWaitTimeout: INIT_WAIT_MILLISECONDS });

  const unwatch = liveConnections.watch({ kind: 'websocket' }, () => sockets.clients.size);
  return {
    upgrade(request, socket, head) {
      const entered = door.enter(request);
      if (typeof entered === 'number') return void socket.end(`HTTP/1.1 ${entered} ${STATUS_CODES[entered]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      socket.once('close', entered);
      sockets.handleUpgrade(request, socket, head, (client) => {
        serve(graph, client, socket, request, options);
        keepAlive(client, options.pingMilliseconds ?? PING_MILLISECONDS);
      });
    },
    async close() {
      unwatch();
      for (const client of sockets.clients) client.close(1001, 'Going away');
      const force = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), CLOSE_WAIT_MILLISECONDS);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(force);
    },
  };
}

// The package's own glue prints errors to the console and sends their texts to clients.
function serve(
  graph: ReturnType<typeof makeServer<Record<string, unknown>, Connection>>, socket: WebSocket, raw: Duplex, request: IncomingMessage,
  options: LiveServerOptions,
): void {
  const meter = new MessageMeter(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE);
  const writer = new LiveConnection(socket, raw, options.stallMilliseconds);
  const connection: Connection = {
    language: languageOf(request.headers['accept-language']),
    address: options.addressOf(request),
    writer,
    close: (code, reason) => socket.close(code, reason),
    requestIds: new Map(),
  };
  const closed = graph.opened(
    {
      protocol: socket.protocol,
      send: (text) => writer.send(text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) => {
        socket.on('message', (message) => {
          if (!meter.take()) return socket.close(POLICY_VIOLATION, 'TOO_MANY_MESSAGES');
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
    connection.unwatch?.();
    closed(code, String(reason)).catch((error: unknown) => log.error('a live connection did not close well', { error }));
  });
}
