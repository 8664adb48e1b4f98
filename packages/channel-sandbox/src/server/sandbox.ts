import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request to one of the platforms, read to its end. */
export interface SandboxRequest {
  readonly method: string;
  /** The platform's own name, from the `host` header. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
export interface SandboxResponse { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer }

/** One platform: which hosts are its own, and what it answers. */
export interface SandboxPlatform {
  readonly name: string;
  owns(host: string): boolean;
  answer(request: SandboxRequest): SandboxResponse | Promise<SandboxResponse>;
  /** For platforms that do not speak HTTP: what they say on a connection that CONNECT has opened, and how it goes wrong. */
  connect?(socket: Socket, fault: SandboxFault | undefined): void;
}

/**
 * How a platform misbehaves: `DOWN` answers 503, `RESET` breaks the connection, `HANG` never answers, a status is answered
 * as it stands. `loseWhen` does what was asked and breaks the connection once, as soon as it holds afterwards.
 */
export type Fault = 'DOWN' | 'RESET' | 'HANG' | SandboxResponse | { readonly slowMs: number } | { readonly loseWhen: () => boolean };

/** A fault as it takes hold of one connection; `lost` says that an answer has been lost. */
export type SandboxFault = Exclude<Fault, { readonly loseWhen: () => boolean }> | { readonly loseWhen: () => boolean; readonly lost: () => void };

/** The outside world on one port: requests are told apart by the host they mean. */
export interface Sandbox {
  readonly url: string;
  /** All requests so far, in order. */
  readonly requests: readonly SandboxRequest[];
  /** Has the next `times` requests to a platform go wrong; for ever by default. */
  fail(platform: string, fault: Fault, times?: number): void;
  heal(platform: string): void;
  close(): Promise<void>;
}

/** Starts the platforms on a free port of loopback, or on the one that is given. */
export async function startSandbox(platforms: readonly SandboxPlatform[], { port = 0 }: { readonly port?: number } = {}): Promise<Sandbox> {
  const requests: SandboxRequest[] = [];
  const faults = new Map<string, { fault: Fault; left: number }>();
  const server = createServer((incoming, response) => {
    void read(incoming).then(async (request) => {
      requests.push(request);
      const platform = platforms.find(({ owns }) => owns(request.host));
      if (platform === undefined) return send(response, { status: 421, body: 'no platform of this name' });
      const fault = take(faults, platform.name);
      if (fault === 'HANG') return;
      if (fault === 'RESET') return void response.destroy();
      if (fault === 'DOWN') return send(response, { status: 503, body: 'down for maintenance' });
      if (fault !== undefined && 'status' in fault) return send(response, fault);
      if (fault !== undefined && 'slowMs' in fault) await new Promise((resolve) => setTimeout(resolve, fault.slowMs));
      const answer = await platform.answer(request);
      if (fault !== undefined && 'loseWhen' in fault && fault.loseWhen()) {
        faults.delete(platform.name);
        return void response.destroy();
      }
      send(response, answer);
    }).catch((error: unknown) => send(response, { status: 500, body: String(error) }));
  });
  const tunnels = new Set<Socket>();
  server.on('connect', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const [host = ''] = (incoming.url ?? '').split(':');
    requests.push({ method: 'CONNECT', host, path: incoming.url ?? '', query: new URLSearchParams(), headers: {}, body: head });
    tunnels.add(socket);
    socket.on('error', () => undefined).on('close', () => tunnels.delete(socket));
    const platform = platforms.find(({ owns, connect }) => connect !== undefined && owns(host));
    if (platform === undefined) return void socket.end('HTTP/1.1 421 Misdirected Request\r\n\r\n');
    const fault = take(faults, platform.name);
    if (fault === 'RESET') return void socket.resetAndDestroy();
    if (fault === 'HANG') return;
    const open = (): void => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) socket.unshift(head);
      platform.connect!(socket, typeof fault === 'object' && 'loseWhen' in fault ? { ...fault, lost: () => { faults.delete(platform.name); } } : fault);
    };
    if (typeof fault === 'object' && 'slowMs' in fault) setTimeout(open, fault.slowMs).unref();
    else open();
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (platform, fault, times = Number.POSITIVE_INFINITY) => { faults.set(platform, { fault, left: times }); },
    heal: (platform) => { faults.delete(platform); },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      for (const socket of tunnels) socket.destroy();
    }),
  };
}

function take(faults: Map<string, { fault: Fault; left: number }>, platform: string): Fault | undefined {
  const entry = faults.get(platform);
  if (entry === undefined) return undefined;
  entry.left -= 1;
  if (entry.left <= 0) faults.delete(platform);
  return entry.fault;
}

async function read(incoming: IncomingMessage): Promise<SandboxRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const host = incoming.headers.host ?? '';
  const url = new URL(incoming.url ?? '/', `https://${host}`);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return { method: incoming.method ?? 'GET', host, path: url.pathname, query: url.searchParams, headers, body: Buffer.concat(chunks) };
}

const send = (response: ServerResponse, { status, headers, body = '' }: SandboxResponse): void => {
  if (!response.headersSent) response.writeHead(status, headers).end(body);
};

const listen = (server: Server, port: number): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
});
