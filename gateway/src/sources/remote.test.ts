import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeServiceKey, readPrivateKey, readPublicKeys, readViewer, ServiceClient, serviceKeys, ServiceTokens } from '@quanyu/calls';
import { configureLog } from '@quanyu/telemetry';
import { Viewer } from '@quanyu/viewer';
import express from 'express';
import { parse, type ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import { mountPublicRoutes } from '../public-routes.js';
import { remoteSource } from './remote.js';
import type { Patience, SubgraphRequest } from './source.js';

configureLog({ level: 'error' });
const key = makeServiceKey();
const tokens = new ServiceTokens(serviceKeys('gateway', readPrivateKey(key.privateKey), readPublicKeys(`gateway:${key.publicKey}`)));

interface Seen { readonly headers: IncomingMessage['headers']; readonly url: string; readonly method: string; readonly body: Buffer }
let answer: (seen: Seen, response: ServerResponse, request: IncomingMessage) => void;
const seen: Seen[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', () => {
    const one = { headers: request.headers, url: request.url ?? '', method: request.method ?? '', body: Buffer.concat(chunks) };
    seen.push(one);
    answer(one, response, request);
  });
});
let client: ServiceClient;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new ServiceClient(tokens, new Map([['orders', [`http://127.0.0.1:${(server.address() as AddressInfo).port}`]], ['gone', ['http://127.0.0.1:9']]]));
});
afterEach(() => { seen.length = 0; });
afterAll(async () => {
  await client.close();
  server.close().closeAllConnections();
});

const viewer = new Viewer({ kind: 'staff', tenantId: 'ten_1', subjectId: 'stf_1', scopes: ['orders:read'], channels: ['con_1'], name: '张三' });
const context: GatewayContext = { viewer, requestId: 'req_remote_1', language: 'zh-CN' };
const asked = (query: string, variables = {}): SubgraphRequest => ({ query, document: parse(query), variables });
const patience = (ms = 5_000): Patience => ({ deadline: Date.now() + ms, signal: AbortSignal.timeout(ms) });
const json = (response: ServerResponse, value: unknown, status = 200): unknown => response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
const stream = (response: ServerResponse): ServerResponse => response.writeHead(200, { 'content-type': 'application/x-ndjson' });

describe('a subgraph in another process', () => {
  it('gets the operation, a token, the viewer, the language and the request id', async () => {
    answer = (_seen, response) => json(response, { data: { order: { id: 'ord_1' } } });
    expect(await remoteSource('orders', client).execute(asked('query($id: ID!) { order(id: $id) { id } }', { id: 'ord_1' }), context, patience())).toEqual({ data: { order: { id: 'ord_1' } } });
    const [{ headers, body, url, method }] = seen as [Seen];
    expect([method, url]).toEqual(['POST', '/graphql']);
    expect(JSON.parse(body.toString())).toEqual({ query: 'query($id: ID!) { order(id: $id) { id } }', variables: { id: 'ord_1' } });
    expect(headers).toMatchObject({ 'accept-language': 'zh-CN', 'x-request-id': 'req_remote_1', authorization: expect.stringMatching(/^Bearer /) });
    expect(readViewer(headers['x-viewer'] as string)?.claims).toEqual(viewer.claims);
  });

  it('answers errors with path, code and texts', async () => {
    const extensions = { code: 'FORBIDDEN', messages: { en: 'No', 'zh-CN': '否' } };
    answer = (_seen, response) => json(response, { data: { a: null }, errors: [{ message: 'No', path: ['a', 0, 'b'], extensions }] });
    const { data, errors } = await remoteSource('orders', client).execute(asked('{ a }'), context, patience());
    expect(data).toEqual({ a: null });
    expect(errors![0]).toMatchObject({ message: 'No', path: ['a', 0, 'b'], extensions });
  });

  it('throws where there is no answer: refused, broken off, not JSON, too late', async () => {
    const source = remoteSource('orders', client);
    await expect(remoteSource('gone', client).execute(asked('{ a }'), context, patience())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    answer = (_seen, response) => json(response, { error: { code: 'CALLER_NOT_ALLOWED' } }, 403);
    await expect(source.execute(asked('{ a }'), context, patience())).rejects.toThrow(/answered 403/);
    answer = (_seen, response) => response.end('<html>');
    await expect(source.execute(asked('{ a }'), context, patience())).rejects.toThrow();
    answer = () => undefined;
    await expect(source.execute(asked('{ a }'), context, patience(150))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('gets a query once more that was broken off, and a mutation never', async () => {
    answer = (_seen, _response, request) => request.socket.destroy();
    await expect(remoteSource('orders', client).execute(asked('{ a }'), context, patience())).rejects.toThrow();
    const queries = seen.length;
    await expect(remoteSource('orders', client).execute(asked('mutation { a }'), context, patience())).rejects.toThrow();
    expect(queries).toBeGreaterThan(1);
    expect(seen.length - queries).toBe(1);
  });
});

describe('a live field in another process', () => {
  const open = async (live?: SubgraphRequest['live']): Promise<AsyncIterableIterator<ExecutionResult>> =>
    (await remoteSource('orders', client).subscribe({ ...asked('subscription { a }'), live }, context)) as AsyncIterableIterator<ExecutionResult>;

  it('is asked for at its cursor, and tells results with their marks', async () => {
    const mark = { live: { phase: 'change', cursor: '1.2' } };
    answer = (_seen, response) => { stream(response).end(`\n${JSON.stringify({ next: { data: { a: '1' }, extensions: mark } })}\n\n{"next":{"extensions":{"live":{"phase":"start","cursor":"1.3"}}}}\n{"end":true}\n`); };
    const results: ExecutionResult[] = [];
    for await (const result of await open({ mode: 'follow', after: '1.1' })) results.push(result);
    expect(results).toEqual([{ data: { a: '1' }, extensions: mark }, { extensions: { live: { phase: 'start', cursor: '1.3' } } }]);
    expect(seen[0]!.headers.accept).toBe('application/x-ndjson');
    expect(JSON.parse(seen[0]!.body.toString()).extensions).toEqual({ live: { mode: 'follow', after: '1.1' } });
  });

  it('puts lines together that come in pieces, also in the middle of a character', async () => {
    const line = Buffer.from(`${JSON.stringify({ next: { data: { a: '张三' } } })}\n`);
    answer = (_seen, response) => {
      stream(response);
      void (async () => {
        for (const byte of line) {
          response.write(Buffer.from([byte]));
          await sleep(1);
        }
        response.end('{"end":true}\n');
      })();
    };
    expect((await (await open()).next()).value).toEqual({ data: { a: '张三' } });
  });

  it('ends when it is sent away, and throws when it is cut off', async () => {
    answer = (_seen, response) => { stream(response).end('{"again":true}\n'); };
    expect(await (await open()).next()).toEqual({ done: true, value: undefined });
    answer = (_seen, response, request) => { stream(response).write('{"next":{"data":{"a":"1"}}}\n'); setTimeout(() => request.socket.destroy(), 30); };
    const cut = await open();
    expect((await cut.next()).done).toBe(false);
    await expect(cut.next()).rejects.toThrow();
  });

  it('is let go at once when its listener leaves, also while it waits', async () => {
    const closed = new Promise<void>((resolve) => { answer = (_seen, response) => { stream(response).flushHeaders(); response.once('close', () => resolve()); }; });
    const events = await open();
    const waiting = events.next();
    await events.return!();
    await closed;
    expect((await waiting).done).toBe(true);
  });

  it('is not read faster than it is asked for', async () => {
    let written = 0;
    answer = (_seen, response) => {
      stream(response);
      const line = `${JSON.stringify({ next: { data: { a: 'x'.repeat(10_000) } } })}\n`;
      const fill = (): void => { while (!response.destroyed && response.write(line)) written += 1; response.once('drain', fill); };
      fill();
    };
    const events = await open();
    await events.next();
    await sleep(300);
    const before = written;
    await sleep(300);
    // The buffers between us are full, and nobody writes on.
    expect(written - before).toBeLessThan(5);
    for (let n = 0; n < 2_000; n += 1) await events.next();
    expect(written).toBeGreaterThan(before);
    await events.return!();
  });

  it('gives the one result that says why there is none', async () => {
    answer = (_seen, response) => json(response, { errors: [{ message: 'No', extensions: { code: 'FORBIDDEN' } }] });
    expect(await open()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });
});

describe('public routes', () => {
  const app = express();
  let base = '';
  let listening: ReturnType<typeof app.listen>;
  beforeAll(async () => {
    mountPublicRoutes(app, [{ path: '/webhooks', subgraph: 'orders' }, { path: '/oauth', subgraph: 'gone' }], client);
    await new Promise<void>((resolve) => { listening = app.listen(0, '127.0.0.1', () => resolve()); });
    base = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  });
  afterAll(() => { listening.close().closeAllConnections(); });

  it('hand requests on byte for byte, with host and client, and hand answers back', async () => {
    answer = (_seen, response) => response.writeHead(202, { 'content-type': 'text/plain', 'x-platform': 'yes', 'x-draining': 'soon' }).end('taken');
    const body = Buffer.from([0, 255, 10, 13, 34]);
    const response = await fetch(`${base}/webhooks/shopify/con_1?a=%20b`, { method: 'POST', body, headers: { 'x-shopify-hmac-sha256': 'abc', 'x-forwarded-for': '10.9.8.7', 'content-type': 'application/octet-stream' } });
    expect([response.status, await response.text(), response.headers.get('x-platform'), response.headers.get('x-draining')]).toEqual([202, 'taken', 'yes', null]);
    const [one] = seen as [Seen];
    expect([one.method, one.url, one.body.equals(body)]).toEqual(['POST', '/webhooks/shopify/con_1?a=%20b', true]);
    expect(one.headers).toMatchObject({ 'x-shopify-hmac-sha256': 'abc', 'x-forwarded-for': expect.stringMatching(/^10\.9\.8\.7, .*127\.0\.0\.1$/), 'x-forwarded-host': base.slice(7), 'x-forwarded-proto': 'http' });
  });

  it('hand on nothing by which services know each other', async () => {
    answer = (_seen, response) => response.end('ok');
    await fetch(`${base}/webhooks/x`, { method: 'POST', body: 'x', headers: { authorization: 'Bearer stolen', 'x-viewer': 'forged' } });
    const [{ headers }] = seen as [Seen];
    expect(headers['x-viewer']).toBeUndefined();
    expect(headers.authorization).not.toContain('stolen');
  });

  it('refuse what is too large, and say that nobody is there', async () => {
    answer = (_seen, response) => response.end('ok');
    expect((await fetch(`${base}/webhooks/x`, { method: 'POST', body: Buffer.alloc(5 * 1024 * 1024) })).status).toBe(413);
    expect(seen).toEqual([]);
    const away = await fetch(`${base}/oauth/start`);
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({ error: { code: 'UNAVAILABLE', requestId: expect.stringMatching(/^req_/) } });
  });

  it('do not reach beyond their paths', async () => {
    expect((await fetch(`${base}/graphql`, { method: 'POST', body: '{}' })).status).toBe(404);
    answer = (_seen, response) => response.end('ok');
    for (const path of ['/webhooks/../graphql', '/webhooks/%2e%2e/graphql', '/webhooks//graphql', '/webhooksgraphql']) {
      await fetch(`${base}${path}`, { method: 'POST', body: '{}' });
    }
    expect(seen.map(({ url }) => url).filter((url) => !url.startsWith('/webhooks/'))).toEqual([]);
  });
});
