import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { getIntrospectionQuery } from 'graphql';
import { startShop, type Shop } from '../test-graph.test.js';

const NASTY = '{ me } # </script><script>alert(1)</script>';

let shop: Shop;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop({ explorer: { examples: [{ query: NASTY }] }, introspection: true });
});
afterAll(() => shop.gateway.close());

const get = (path: string) => fetch(shop.gateway.url + path, { redirect: 'manual' });

it('is where the root leads to', async () => {
  const answer = await get('/');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/explorer']);
});

it('is a page that runs only files of this server', async () => {
  const answer = await get('/explorer');
  const page = await answer.text();
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
  expect(page).not.toMatch(/(?:src|href)="(?!\/explorer\/files\/|data:,")/);
  expect(page.match(/<script(?! src| type="application\/json")/g)).toBeNull();
});

it('carries its options, whatever is written in them', async () => {
  const page = await (await get('/explorer')).text();
  const json = /id="explorer-options">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
  expect(JSON.parse(json)).toEqual({ url: '/graphql', examples: [{ query: NASTY }] });
});

it('serves its files for good, under names that change with them, and no others', async () => {
  const page = await (await get('/explorer')).text();
  const paths = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(paths).toHaveLength(6);
  for (const path of paths) {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/(?:javascript|css); charset=utf-8$/);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect((await answer.text()).length).toBeGreaterThan(1_000);
  }
  expect((await get('/explorer/files/..%2f..%2fpackage.json')).status).toBe(404);
});

it('can ask for the schema', async () => {
  const answer = await fetch(`${shop.gateway.url}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: getIntrospectionQuery() }),
  });
  const { data, errors } = (await answer.json()) as { data: { __schema: { types: { name: string }[] } }; errors?: unknown };
  expect(errors).toBeUndefined();
  const names = data.__schema.types.map(({ name }) => name);
  expect(names).toContain('Product');
  expect(names.filter((name) => /^(?:join__|link__|_Any|_Entity|_Service)/.test(name))).toEqual([]);
});
