import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ServiceClient, type ServiceUnavailableError } from './client.js';
import { makeServiceKey, readPrivateKey, readPublicKeys, serviceKeys } from './keys.js';
import { ServiceTokens } from './tokens.js';

const key = makeServiceKey();
const tokens = new ServiceTokens(serviceKeys('gateway', readPrivateKey(key.privateKey), readPublicKeys(`gateway:${key.publicKey}`)));

const servers: Server[] = [];
const clients: ServiceClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A process behind a service: counts what it gets. */
async function process(answer: (request: IncomingMessage, response: ServerResponse, n: number) => void = (_request, response) => response.end('ok'), port = 0) {
  const seen = { requests: 0, sockets: new Set<unknown>() };
  const server = createServer((request, response) => {
    seen.sockets.add(request.socket);
    request.resume().once('end', () => answer(request, response, seen.requests += 1));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  servers.push(server);
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) };
}

function clientOf(...urls: string[]): ServiceClient {
  const client = new ServiceClient(tokens, new Map([['orders', urls]]));
  clients.push(client);
  return client;
}
const WRITE = { path: '/graphql', body: '{}', repeatable: false } as const;
const READ = { ...WRITE, repeatable: true } as const;
const failure = (asked: Promise<unknown>): Promise<ServiceUnavailableError> => asked.then(() => { throw new Error('it answered'); }, (error: unknown) => error as ServiceUnavailableError);

describe('a client of services', () => {
  it('shows itself with a token, and keeps its connections', async () => {
    const headers: (string | undefined)[] = [];
    const one = await process((request, response) => { headers.push(request.headers.authorization); response.end('ok'); });
    const client = clientOf(one.url);
    for (let n = 0; n < 20; n += 1) expect((await client.request('orders', WRITE)).body.toString()).toBe('ok');
    // One, but for a machine that stands still for a second.
    expect(one.seen.sockets.size).toBeLessThan(5);
    expect(new Set(headers).size).toBe(1);
    expect(headers[0]).toMatch(/^Bearer ey/);
  });

  it('takes the processes behind a name in turn', async () => {
    const [one, two] = [await process(), await process()];
    const client = clientOf(one.url, two.url);
    for (let n = 0; n < 10; n += 1) await client.request('orders', WRITE);
    expect([one.seen.requests, two.seen.requests]).toEqual([5, 5]);
  });

  it('tries another one for a request that cannot have arrived, also one that may not be repeated', async () => {
    const [gone, one] = [await process(), await process()];
    await gone.stop();
    const client = clientOf(gone.url, one.url);
    for (let n = 0; n < 10; n += 1) expect((await client.request('orders', WRITE)).status).toBe(200);
    expect(one.seen.requests).toBe(10);
  });

  it('finds a process again that was away for a moment', async () => {
    const one = await process();
    const { port } = new URL(one.url);
    const client = clientOf(one.url);
    await one.stop();
    setTimeout(() => { void process(undefined, Number(port)); }, 30);
    expect((await client.request('orders', WRITE)).status).toBe(200);
  });

  it('never sends a request twice that may have arrived, unless it does no harm', async () => {
    const cut = await process((request) => { request.socket.destroy(); });
    expect(await failure(clientOf(cut.url).request('orders', WRITE))).toMatchObject({ code: 'SERVICE_UNAVAILABLE', reached: true });
    expect(cut.seen.requests).toBe(1);
    const once = await process((request, response, n) => { if (n === 1) request.socket.destroy(); else response.end('second'); });
    expect((await clientOf(once.url).request('orders', READ)).body.toString()).toBe('second');
  });

  it('leaves a process alone that is about to stop, as long as there is another', async () => {
    const stopping = await process((_request, response) => response.setHeader('x-draining', 'soon').setHeader('connection', 'close').end('ok'));
    const one = await process();
    const client = clientOf(stopping.url, one.url);
    for (let n = 0; n < 20; n += 1) expect((await client.request('orders', WRITE)).status).toBe(200);
    expect(stopping.seen.requests).toBeLessThanOrEqual(1);
  });

  it('says that nobody answers, soon and without an address', async () => {
    const gone = await process();
    await gone.stop();
    const client = clientOf(gone.url);
    await failure(client.request('orders', WRITE));
    const since = performance.now();
    const error = await failure(client.request('orders', WRITE));
    // Without the pauses of those who wait for a process to come back.
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', service: 'orders', reached: false });
    expect(error.message).not.toMatch(/127|http|\d{4}/);
    expect(await failure(client.request('finance', WRITE))).toMatchObject({ code: 'SERVICE_UNAVAILABLE', service: 'finance' });
  });

  it('waits only so long', async () => {
    const silent = await process(() => undefined);
    expect(await failure(clientOf(silent.url).request('orders', { ...WRITE, signal: AbortSignal.timeout(100) }))).toMatchObject({ reached: true });
  });

  it('closes a connection that nobody used for a second, before any service would', async () => {
    const one = await process();
    const client = clientOf(one.url);
    await client.request('orders', WRITE);
    const [socket] = one.seen.sockets as Set<{ destroyed: boolean }>;
    for (let n = 0; n < 100 && !socket!.destroyed; n += 1) await sleep(50);
    expect(socket!.destroyed).toBe(true);
  });
});
