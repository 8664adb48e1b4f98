import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { counter } from '@quanyu/telemetry';

/** How many connections are held open over HTTP; WebSockets have a cap of their own. */
export interface ConnectionLimits {
  /** From one address; those beyond it take the place of its longest idle one, or are refused when all are busy. */
  readonly perAddress?: number;
  /** With no request under way, from everywhere; the longest idle one is closed for one more. */
  readonly idle?: number;
}

const PER_ADDRESS = 500;
const IDLE = 5_000;

const closed = counter('quanyu_http_connections_closed_total', 'Connections closed because there were too many: state is idle, or refused where none of the address was idle.', ['state']);

/**
 * Keeps connections that do nothing from growing in number: each costs a descriptor and memory, whoever opened it and
 * sent nothing, or was answered and stayed.
 * @param ownAddresses off behind a proxy of our own, whose address is that of everybody.
 */
export function limitConnections(http: Server, { perAddress = PER_ADDRESS, idle: mostIdle = IDLE }: ConnectionLimits, ownAddresses: boolean): void {
  const byAddress = new Map<string, Set<Socket>>();
  // In the order in which they became idle.
  const idle = new Set<Socket>();
  /** Requests under way; a client may send several without waiting for answers. */
  const busy = new WeakMap<Socket, number>();

  const enter = (socket: Socket): void => {
    const address = socket.remoteAddress ?? '';
    const others = byAddress.get(address) ?? new Set();
    if (ownAddresses && others.size >= perAddress) {
      const longest = [...others].find((other) => idle.has(other));
      closed.add({ state: longest === undefined ? 'refused' : 'idle' });
      if (longest === undefined) return void socket.end('HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      longest.destroy();
    }
    byAddress.set(address, others.add(socket));
    socket.once('close', () => {
      idle.delete(socket);
      others.delete(socket);
      if (others.size === 0) byAddress.delete(address);
    });
    rest(socket);
  };

  const rest = (socket: Socket): void => {
    if (socket.destroyed || (busy.get(socket) ?? 0) > 0) return;
    idle.add(socket);
    if (idle.size <= mostIdle) return;
    const [longest] = idle;
    idle.delete(longest as Socket);
    closed.add({ state: 'idle' });
    longest?.destroy();
  };

  http.on('connection', enter);
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    idle.delete(socket);
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once('close', () => {
      busy.set(socket, (busy.get(socket) ?? 1) - 1);
      rest(socket);
    });
  });
  http.on('upgrade', (_request: IncomingMessage, socket: Socket) => {
    idle.delete(socket);
    byAddress.get(socket.remoteAddress ?? '')?.delete(socket);
  });
}
