import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { configureLog } from '@quanyu/telemetry';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { MemoryBuckets } from '../limits/buckets.js';
import { startShop, type Shop } from '../test-graph.test.js';
import { inputSchema } from './input-schema.js';

configureLog({ level: 'silent' });

const DOCUMENTS = [
  '# The goods of the shop,\n# each with its buyer.\nquery Goods { products { name buyer } }',
  'query OneProduct($id: ID!) { product(id: $id) { name available } }',
  '# Gives a product another name.\nmutation Rename($id: ID!, $name: String!) { rename(id: $id, name: $name) { name } }',
  'query Goods { me }', 'subscription Changes { changed { left } }', '{ me }', 'query A { me } query B { me }', 'query Unknown { nothing }', 'query Broken {',
];

let shop: Shop;
beforeAll(async () => { shop = await startShop({ operations: DOCUMENTS, mcp: 'all', limits: { buckets: new MemoryBuckets(() => 0) } }); });
afterAll(() => shop.gateway.close());
beforeEach(() => { shop.fetches.length = 0; });

async function connect(headers: Record<string, string> = { authorization: 'Bearer good' }, at = shop): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  // Its types were not made for exactOptionalPropertyTypes.
  await client.connect(new StreamableHTTPClientTransport(new URL(`${at.gateway.url}/mcp`), { requestInit: { headers } }) as never);
  return client;
}
const textOf = (result: unknown): unknown => JSON.parse((result as { content: { text: string }[] }).content[0]!.text);
const raw = (body: unknown, headers: Record<string, string> = {}, method = 'POST'): Promise<Response> => fetch(`${shop.gateway.url}/mcp`, {
  method, headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: 'Bearer good', ...headers }, ...(method === 'POST' && { body: JSON.stringify(body) }),
});
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

describe('an assistant', () => {
  it('sees the trusted documents as tools, with what they take', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['Goods', 'OneProduct', 'Rename']);
    expect(tools[0]).toMatchObject({ description: 'The goods of the shop, each with its buyer.', annotations: { readOnlyHint: true } });
    expect(tools[1]!.inputSchema).toEqual({ type: 'object', properties: { id: { type: 'string', description: expect.any(String) } }, required: ['id'], additionalProperties: false });
    expect(tools[2]).toMatchObject({ annotations: { readOnlyHint: false, destructiveHint: true } });
    await client.close();
  });

  it('calls them with values, and gets data', async () => {
    const client = await connect();
    expect(textOf(await client.callTool({ name: 'OneProduct', arguments: { id: '2' } }))).toEqual({ data: { product: { name: 'Cup', available: 20 } } });
    expect(textOf(await client.callTool({ name: 'Rename', arguments: { id: '1', name: 'Mug' } }))).toEqual({ data: { rename: { name: 'Mug' } } });
    await client.close();
  });

  it('is told what is wrong as the result of the tool, so that it can do better', async () => {
    const client = await connect();
    const missing = await client.callTool({ name: 'OneProduct', arguments: {} });
    expect(missing.isError).toBe(true);
    expect(textOf(missing)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(textOf(await client.callTool({ name: 'DropEverything', arguments: {} }))).toMatchObject({ errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }] });
    expect(shop.fetches).toEqual([]);
    await client.close();
  });

  it('needs credentials, and has the rights that belong to them', async () => {
    await expect(connect({})).rejects.toThrow(/UNAUTHENTICATED|401|Unauthorized/);
    const none = await raw(LIST, { authorization: '' });
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await raw(LIST, { authorization: 'Bearer stolen' })).status).toBe(401);
  });

  it('gets only what reads where that is set', async () => {
    const other = await startShop({ operations: DOCUMENTS, mcp: 'read' });
    const client = await connect(undefined, other);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['Goods', 'OneProduct']);
    expect((await client.callTool({ name: 'Rename', arguments: { id: '1', name: 'x' } })).isError).toBe(true);
    expect(other.fetches).toEqual([]);
    await client.close();
    await other.gateway.close();
  });
});

describe('a request', () => {
  it('is one message, by POST, of a page that is welcome', async () => {
    expect((await raw([LIST, LIST])).status).toBe(400);
    expect((await raw(null)).status).toBe(400);
    expect((await raw(undefined, {}, 'GET')).status).toBe(405);
    expect((await raw(undefined, {}, 'DELETE')).status).toBe(405);
    const foreign = await raw(LIST, { origin: 'https://evil.example.com' });
    expect([foreign.status, await foreign.json()]).toEqual([403, expect.objectContaining({ error: expect.objectContaining({ data: expect.objectContaining({ code: 'ORIGIN_NOT_ALLOWED' }) }) })]);
    expect((await raw(LIST, { accept: 'application/json' })).status).toBe(406);
    expect((await raw({ ...LIST, method: 'resources/list' })).status).toBe(200);
    expect((await raw(LIST)).status).toBe(200);
  });

  it('leaves nothing open, and is not there unless it is wanted', async () => {
    for (let i = 0; i < 50; i += 1) expect((await raw(LIST)).status).toBe(200);
    const without = await startShop({ operations: DOCUMENTS });
    expect((await fetch(`${without.gateway.url}/mcp`, { method: 'POST', body: '{}' })).status).toBe(404);
    await without.gateway.close();
  });
});

it('tells inputs of every kind in JSON Schema', () => {
  const schema = buildSchema(`
    scalar Decimal
    enum Mood { GOOD BAD }
    "A part of a whole."
    input Part { name: String! "How many of it." count: Int = 1 parts: [Part!] }
    type Query { q(part: Part, moods: [Mood!]!, price: Decimal, first: Int = 20, deep: [[Float]], yes: Boolean!): Int }`);
  const document = parse('query Q($part: Part, $moods: [Mood!]!, $price: Decimal, $first: Int = 20, $deep: [[Float]], $yes: Boolean! = true) { q(part: $part, moods: $moods, price: $price, first: $first, deep: $deep, yes: $yes) }');
  expect(inputSchema(schema, getOperationAST(document)!)).toEqual({
    type: 'object', additionalProperties: false, required: ['moods'],
    properties: {
      part: { $ref: '#/$defs/Part' }, moods: { type: 'array', items: { type: 'string', enum: ['GOOD', 'BAD'] } }, price: { type: 'string' },
      first: { type: 'integer', description: expect.any(String), default: 20 }, deep: { type: 'array', items: { type: 'array', items: { type: 'number', description: expect.any(String) } } }, yes: { type: 'boolean', description: expect.any(String), default: true },
    },
    $defs: { Part: {
      type: 'object', description: 'A part of a whole.', additionalProperties: false, required: ['name'],
      properties: { name: { type: 'string', description: expect.any(String) }, count: { type: 'integer', description: 'How many of it.' }, parts: { type: 'array', items: { $ref: '#/$defs/Part' } } },
    } },
  });
});
