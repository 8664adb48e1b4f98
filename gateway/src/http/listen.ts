import type { Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type ListenOptions, type Server } from 'node:net';

/**
 * Sockets on the one port. The event loop takes one connection from each between two looks at everything else (libuv
 * since 1.46): with a single one, whoever comes while the process has much to do waits for seconds before being as much
 * as sent away.
 */
const SOCKETS = process.platform === 'linux' ? 8 : 1;
/** Connections that may wait to be taken at each, as far as the system allows: who finds no place there asks again after whole seconds only. */
const BACKLOG = 4_096;

/** What listens on a port. */
export interface Listening {
  readonly port: number;
  /** Takes no more connections; resolves when the last one has ended. */
  close(): Promise<void>;
}

/**
 * Has a server listen.
 * @throws Error with code EADDRINUSE where anybody else listens there, one of us included.
 */
export async function listenOn(http: HttpServer, port: number, host: string): Promise<Listening> {
  const reusePort = SOCKETS > 1;
  // Two processes of one user could share a port by mistake, and each would have half of the clients.
  if (reusePort && port !== 0) await closed(await listening(createServer(), { port, host }));
  await listening(http, { port, host, backlog: BACKLOG, reusePort });
  const own = (http.address() as AddressInfo).port;
  const more = Array.from({ length: SOCKETS - 1 }, () => createServer({ allowHalfOpen: true, noDelay: true }, (socket) => { http.emit('connection', socket); }));
  await Promise.all(more.map((server) => listening(server, { port: own, host, backlog: BACKLOG, reusePort })));
  return { port: own, close: async () => { await Promise.all([http, ...more].map(closed)); } };
}

const listening = (server: Server, where: ListenOptions): Promise<Server> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve(server);
    });
  });

const closed = (server: Server): Promise<void> => new Promise((resolve) => { server.close(() => resolve()); });
