import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeServiceKey, readPrivateKey, readPublicKeys, ServiceClient, serviceKeys, ServiceTokens } from '@quanyu/calls';
import { configureLog } from '@quanyu/telemetry';
import { remoteSource } from '../sources/remote.js';
import type { SubgraphSource } from '../sources/source.js';
import { startShop, type Shop } from '../test-graph.test.js';
import { megabytesKept, post, watchEach } from './watch.test.js';

watchEach();

let answer: (response: ServerResponse) => void = () => undefined;
let asked = 0;
const hostile = createServer((request, response) => {
  asked += 1;
  request.resume().once('end', () => answer(response));
});
const key = makeServiceKey();
let client: ServiceClient;
let shop: Shop;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
  const tokens = new ServiceTokens(serviceKeys('gateway', readPrivateKey(key.privateKey), readPublicKeys(`gateway:${key.publicKey}`)));
  client = new ServiceClient(tokens, new Map([['stock', [`http://127.0.0.1:${(hostile.address() as AddressInfo).port}`]]]));
  const real = await startShop();
  await real.gateway.close();
  const sources = real.sources.map((source): SubgraphSource => (source.name === 'stock' ? remoteSource('stock', client) : source));
  shop = await startShop({ sources });
});
afterAll(async () => {
  await shop.gateway.close();
  await client.close();
  hostile.close().closeAllConnections();
});

const json = (value: unknown) => (response: ServerResponse): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
const entities = (...list: unknown[]) => json({ data: { _entities: list } });
const ask = async (query = '{ products { name available } }') => {
  const seen = await post(shop.gateway, { query });
  return { ...seen, body: JSON.parse(seen.text) as { data: { products: { name: string; available: unknown }[] } | null; errors?: { path: unknown[]; extensions: { code: string } }[] } };
};
const good = { available: 1 };

/** What a subgraph may answer for three products, and whether any of it can be believed. */
const ANSWERS: Readonly<Record<string, readonly [tell: (response: ServerResponse) => void, available: readonly unknown[]]>> = {
  'too few entities': [entities(good), [null, null, null]],
  'no entities': [entities(), [null, null, null]],
  'too many entities': [entities(good, good, good, good, good), [null, null, null]],
  'a text for the entities': [json({ data: { _entities: 'abc' } }), [null, null, null]],
  'an object for the entities': [json({ data: { _entities: { 0: good, 1: good, 2: good, length: 3 } } }), [null, null, null]],
  'null for the entities': [json({ data: { _entities: null } }), [null, null, null]],
  'null for the data': [json({ data: null }), [null, null, null]],
  'nothing': [json({}), [null, null, null]],
  'a number': [json(7), [null, null, null]],
  'null': [json(null), [null, null, null]],
  'an array': [json([]), [null, null, null]],
  'texts for entities': [entities('a', 'b', good), [null, null, null]],
  'lists for entities': [entities([good], [], good), [null, null, null]],
  'a text for a number': [entities({ available: 'lots' }, good, good), [null, 1, 1]],
  'an object for a number': [entities({ available: { a: 1 } }, good, good), [null, 1, 1]],
  'a list for a number': [entities({ available: [1] }, good, good), [null, 1, 1]],
  'a number beyond its type': [entities({ available: 2 ** 40 }, good, good), [null, 1, 1]],
  'errors that are none': [json({ data: { _entities: [good, good, good] }, errors: [{}] }), [1, 1, 1]],
  'errors without data': [json({ errors: [{ message: 'relation "stock" at 10.0.0.7' }] }), [null, null, null]],
  'errors at places that are not there': [json({ data: { _entities: [good, good, good] }, errors: [{ message: 'no', path: ['_entities', 99, 'a', 'b', -1] }] }), [1, 1, 1]],
  'HTML': [(response) => void response.end('<html>'), [null, null, null]],
  'half of its JSON': [(response) => void response.end('{"data":{"_ent'), [null, null, null]],
  'status 500': [(response) => void response.writeHead(500).end('Error at /srv/stock.js:7'), [null, null, null]],
  'a redirect': [(response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(), [null, null, null]],
  'a reset': [(response) => void response.socket?.destroy(), [null, null, null]],
  'a reset in the middle': [(response) => { response.writeHead(200, { 'content-length': '1000' }).write('{"data":'); setTimeout(() => response.socket?.destroy(), 10); }, [null, null, null]],
};

describe('a subgraph that answers', () => {
  it.each(Object.keys(ANSWERS))('%s: what cannot be believed is null, with a typed error that names nothing of ours', async (name) => {
    const [tell, available] = ANSWERS[name]!;
    answer = tell;
    asked = 0;
    const { body, text, status } = await ask();
    expect(status).toBe(200);
    expect(body.data?.products.map((product) => product.available)).toEqual(available);
    expect(body.data?.products.map((product) => product.name)).toEqual(['Tea', 'Cup', 'Pot']);
    // What a subgraph calls an error is told, also where nothing is missing.
    if (available.includes(null) || name.startsWith('errors')) expect(body.errors).not.toEqual([]);
    if (body.errors !== undefined || available.includes(null) || name.startsWith('errors')) expect(body.errors?.every(({ extensions }) => /^(DATA_UNAVAILABLE|INTERNAL_SERVER_ERROR)$/.test(extensions.code))).toBe(true);
    // The request id is drawn by chance, and may spell any of these words.
    expect(text.replaceAll(/"req_[0-9a-z]{26}"/g, '""')).not.toMatch(/127\.0\.0\.1|10\.0\.0|169\.254|relation|srv|stock/);
    expect(asked).toBeLessThanOrEqual(3);
  });

  it('without an end is cut off, and nothing of it is kept', async () => {
    let written = 0;
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":{"_entities":["');
      const fill = (): void => { while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536; if (!response.destroyed) response.once('drain', fill); };
      fill();
    };
    const kept = await megabytesKept(async () => expect((await ask()).body.errors?.[0]?.extensions.code).toBe('DATA_UNAVAILABLE'));
    expect(kept).toBeLessThan(20);
    // A few tries of 32 MB each, and what lies in the sockets between us.
    expect(written).toBeLessThan(200 * 1024 * 1024);
  });

  it('a __typename that cannot be at its place: an error, never a guess', async () => {
    answer = json({ data: { _entities: [{ __typename: 'Evil', available: 1 }, { __typename: 7, available: 1 }, { __typename: 'Product', available: 1 }] } });
    const { body } = await ask('{ products { name __typename available } }');
    expect(body.data?.products.map((product) => (product as { __typename?: unknown }).__typename)).toEqual(['Product', 'Product', 'Product']);
  });

  it('never is waited for until the deadline, and others are served meanwhile', async () => {
    answer = () => undefined;
    const hanging = ask();
    for (let i = 0; i < 10; i += 1) expect((await post(shop.gateway, { query: '{ me }' })).text).toBe('{"data":{"me":"anonymous"}}');
    const { body } = await hanging;
    expect(body.data?.products.map((product) => product.available)).toEqual([null, null, null]);
    expect(body.errors?.[0]?.extensions.code).toBe('DATA_UNAVAILABLE');
  }, 30_000);
});
