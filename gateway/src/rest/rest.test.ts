import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { buildSchema, parse, validate } from 'graphql';
import { loadSupergraph } from '../supergraph.js';
import { composeShop, doorkeeper, startShop, type Shop } from '../test-graph.test.js';
import { REST_CALLS, type RestCall } from './calls.js';
import { openApi } from './open-api.js';
import { createRestRoute } from './rest-route.js';

configureLog({ level: 'silent' });

const CALLS: readonly RestCall[] = [
  { path: '/goods', summary: 'All goods.', field: 'products', document: 'query Goods { products { id name available } }' },
  { path: '/goods/{id}', summary: 'One of them.', field: 'product', document: 'query OneOfThem($id: ID!) { product(id: $id) { id name available parts { id } } }' },
  { path: '/since', summary: 'Since when.', field: 'since', document: 'query Since($day: Day!) { since(day: $day) }' },
  { path: '/mood', summary: 'What we feel.', field: 'mood', document: 'query MoodOf($is: Mood) { mood(is: $is) }' },
  { path: '/closed', summary: 'Not for everybody.', field: 'closed', document: 'query Closed { closed }' },
  { path: '/crash', summary: 'Breaks.', field: 'crash', document: 'query Crash { crash }' },
];

let shop: Shop;
let server: Server;
beforeAll(async () => {
  shop = await startShop();
  const supergraph = loadSupergraph(composeShop(), shop.sources, {});
  const rest = createRestRoute({ current: () => supergraph, authenticator: doorkeeper, addressOf: () => '127.0.0.1', calls: CALLS });
  server = createServer((request, response) => void rest.handle(request, response));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
afterAll(async () => { server.closeAllConnections(); await new Promise((resolve) => server.close(resolve)); await shop.gateway.close(); });

const ask = async (path: string, headers: Record<string, string> = { authorization: 'Bearer good' }, method = 'GET') => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/rest/v1${path}`, { method, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as { error?: { code: string; message: string; requestId: string } } };
};
const refused = async (path: string, headers?: Record<string, string>): Promise<unknown> => { const { status, body } = await ask(path, headers); return [status, body.error?.code]; };

describe('the mirror', () => {
  it('answers with the value of one field, filled in by all who know of it', async () => {
    expect((await ask('/goods')).body).toEqual([{ id: '1', name: 'Tea', available: 10 }, { id: '2', name: 'Cup', available: 20 }, { id: '3', name: 'Pot', available: 30 }]);
    expect((await ask('/goods/2')).body).toMatchObject({ id: '2', name: 'Cup', available: 20 });
    expect((await ask('/mood?is=GOOD')).status).toBe(200);
  });

  it('refuses in one shape, by code and status, in the caller’s language', async () => {
    const { status, body, headers } = await ask('/goods/404', { authorization: 'Bearer good', 'accept-language': 'zh-CN' });
    expect([status, Object.keys(body.error!), body.error!.code]).toEqual([404, ['code', 'message', 'requestId'], 'NOT_FOUND']);
    expect([body.error!.message, headers.get('x-request-id')]).toEqual(['该地址不存在。', body.error!.requestId]);
    expect(await refused('/nothing')).toEqual([404, 'NOT_FOUND']);
    expect(await refused('/goods', {})).toEqual([401, 'UNAUTHENTICATED']);
    expect(await refused('/goods', { authorization: 'Bearer stolen' })).toEqual([401, 'UNAUTHENTICATED']);
    expect(await refused('/crash')).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect((await ask('/goods', {}, 'POST')).status).toBe(405);
    expect((await ask('/closed')).status).toBe(403);
  });

  it('refuses parameters that are missing, unknown, doubled or of another form, before anybody is asked', async () => {
    shop.fetches.length = 0;
    for (const path of ['/since', '/goods?first=1', '/goods/2?id=1', '/mood?is=GOOD&is=BAD', '/goods?__proto__=1']) expect([path, await refused(path)]).toEqual([path, [400, 'PARAMETER_INVALID']]);
    expect(await refused('/mood?is=SAD')).toEqual([400, 'BAD_USER_INPUT']);
    expect(shop.fetches).toEqual([]);
  });

  it('has a manual that anybody may read', async () => {
    const { status, body } = await ask('/openapi.json', {});
    expect([status, Object.keys((body as { paths: object }).paths)]).toEqual([200, CALLS.map(({ path }) => path)]);
  });
});

describe('the calls of the product', () => {
  const schema = buildSchema(readFileSync(new URL('../../../schema/public.graphql', import.meta.url), 'utf8'));

  it('ask for what partners may see, and for nothing else', () => {
    for (const { document, field, path } of REST_CALLS) {
      expect([path, validate(schema, parse(document)).map(({ message }) => message)]).toEqual([path, []]);
      expect(document).toContain(field);
    }
  });

  it('are told in OpenAPI as they are', () => {
    const { paths, openapi } = openApi(schema, REST_CALLS) as { openapi: string; paths: Record<string, { get: { parameters: { name: string; in: string; required: boolean }[]; responses: Record<string, unknown> } }> };
    expect([openapi, Object.keys(paths)]).toEqual(['3.1.0', REST_CALLS.map(({ path }) => path)]);
    expect(paths['/orders/{id}']!.get.parameters).toEqual([expect.objectContaining({ name: 'id', in: 'path', required: true })]);
    expect(JSON.stringify(paths['/orders']!.get.responses[200])).toContain('"orderNumber":{"type":"string"');
    expect(Object.keys(paths['/orders']!.get.responses)).toEqual(['200', '400', '401', '403', '404', '429']);
  });
});
