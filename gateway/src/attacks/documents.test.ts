import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { startShop, type Shop } from '../test-graph.test.js';
import { many, megabytesKept, post, processorTime, watchEach } from './watch.test.js';

watchEach();

let shop: Shop;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop({ introspection: true });
  await post(shop.gateway, { query: '{ me }' });
});
afterAll(() => shop.gateway.close());
beforeEach(() => { shop.fetches.length = 0; });

const nested = (depth: number, field: string, leaf: string): string => `${`${field} { `.repeat(depth)}${leaf}${' }'.repeat(depth)}`;
const spreads = (count: number): string => many(count, (i) => `...F${i}`);

/** Each is at most 5,000 tokens and 50,000 characters: longer ones are not even parsed. */
const DOCUMENTS: Readonly<Record<string, readonly [query: string, code: string]>> = {
  'aliases of one field': [`{ products { ${many(1_600, (i) => `a${i}: name`)} } }`, 'TOO_MANY_ALIASES'],
  'aliases of a root field': [`{ ${many(1_600, (i) => `a${i}: me`)} }`, 'TOO_MANY_ALIASES'],
  'directives on one field': [`{ me ${'@skip(if: false) '.repeat(600)} }`, 'TOO_MANY_DIRECTIVES'],
  'unknown directives': [`{ me ${'@x '.repeat(2_000)} }`, 'TOO_MANY_DIRECTIVES'],
  'directives on the operation': [`query ${'@x '.repeat(2_000)} { me }`, 'TOO_MANY_DIRECTIVES'],
  'one field again and again': [`{ products { ${'name '.repeat(4_900)} } }`, 'TOO_MANY_REPEATED_FIELDS'],
  'fields with children again and again': [`{ ${'products { parts { name } } '.repeat(600)} }`, 'TOO_MANY_ROOT_FIELDS'],
  'children of fields again and again': [`{ products { ${'parts { parts { name } } '.repeat(600)} } }`, 'TOO_MANY_REPEATED_FIELDS'],
  'deep nesting': [`{ ${nested(1_200, 'parts', 'id')} }`, 'QUERY_TOO_DEEP'],
  'deep nesting by fragments': [`{ products { ...F0 } } ${many(40, (i) => `fragment F${i} on Product { parts { ...F${i + 1} } }`)} fragment F40 on Product { id }`, 'QUERY_TOO_DEEP'],
  'fragments that double each other': [`{ products { ...F0 } } ${many(30, (i) => `fragment F${i} on Product { a: parts { ...F${i + 1} } b: parts { ...F${i + 1} } }`)} fragment F30 on Product { id }`, 'QUERY_TOO_DEEP'],
  'fragments that double each other without depth': [`{ products { ...F0 } } ${many(40, (i) => `fragment F${i} on Product { ...F${i + 1} ...F${i + 1} }`)} fragment F40 on Product { id }`, 'QUERY_TOO_LARGE'],
  'fragments that all say the same': [`{ products { ${spreads(300)} } } ${many(300, (i) => `fragment F${i} on Product { id parts { id } }`)}`, 'TOO_MANY_FRAGMENTS'],
  'fragments in a circle': ['{ products { ...A } } fragment A on Product { parts { ...B } } fragment B on Product { parts { ...A } }', 'GRAPHQL_VALIDATION_FAILED'],
  'a fragment in itself': ['{ products { ...A } } fragment A on Product { ...A }', 'GRAPHQL_VALIDATION_FAILED'],
  'a hundred fragments in a circle': [`{ products { ...F0 } } ${many(100, (i) => `fragment F${i} on Product { id ...F${(i + 1) % 100} }`)}`, 'GRAPHQL_VALIDATION_FAILED'],
  'introspection in a circle': [`{ __schema { types { ${nested(12, 'fields { type', 'name').replaceAll('type {', 'type {')}${' }'.repeat(12)} } } }`, 'GRAPHQL_VALIDATION_FAILED'],
  'introspection of lists in a circle': ['{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }', 'GRAPHQL_VALIDATION_FAILED'],
  'introspection again and again': [`{ ${many(40, (i) => `s${i}: __schema { types { fields { name } } }`)} }`, 'TOO_MANY_ROOT_FIELDS'],
  'a list in a list in a list': [`{ product(id: ${'['.repeat(400)}${']'.repeat(400)}) { id } }`, 'GRAPHQL_VALIDATION_FAILED'],
  'an object in an object': [`{ product(id: ${'{a:'.repeat(1_600)}1${'}'.repeat(1_600)}) { id } }`, 'GRAPHQL_PARSE_FAILED'],
  'braces': ['{ a '.repeat(2_400), 'GRAPHQL_PARSE_FAILED'],
  'unknown fields': [`{ ${many(19, (i) => `x${i}`)} products { ${many(2_000, (i) => `y${i}`)} } }`, 'GRAPHQL_VALIDATION_FAILED'],
  'operations': [`${many(1_200, (i) => `query Q${i} { me }`)}`, 'DOCUMENT_TOO_LONG'],
  'variables': [`query(${many(1_200, (i) => `$v${i}: Int`)}) { me }`, 'GRAPHQL_VALIDATION_FAILED'],
  'tokens': [`{ me ${', '.repeat(1)}${'me '.repeat(6_000)} }`, 'DOCUMENT_TOO_LONG'],
  'characters': [`{ me } #${'x'.repeat(60_000)}`, 'DOCUMENT_TOO_LONG'],
};

describe('a hostile document', () => {
  it.each(Object.keys(DOCUMENTS))('is refused by its code before anything is fetched: %s', async (name) => {
    const [query, code] = DOCUMENTS[name]!;
    let seen: Awaited<ReturnType<typeof post>> | undefined;
    const spent = await processorTime(async () => { seen = await post(shop.gateway, { query }); });
    expect([seen!.status, seen!.code]).toEqual([code === 'GRAPHQL_VALIDATION_FAILED' || code === 'GRAPHQL_PARSE_FAILED' ? expect.any(Number) : 400, code]);
    expect(seen!.text.length).toBeLessThan(100_000);
    expect(shop.fetches).toEqual([]);
    // A validation that takes the square of this takes seconds; what is refused first takes a few milliseconds.
    expect(spent).toBeLessThan(1_000);
  });

  it('keeps nothing in memory, however many there are', async () => {
    const flood = async (from: number): Promise<void> => {
      for (let i = from; i < from + 200; i += 1) await post(shop.gateway, { query: `{ products { ${many(60, (n) => `a${i}_${n}: name`)} } } #${'x'.repeat(40_000)}` });
    };
    await flood(0);
    expect(await megabytesKept(() => flood(1_000))).toBeLessThan(10);
  });

  it('of which each is new and lawful stays within what is remembered', async () => {
    const flood = async (from: number): Promise<void> => {
      for (let i = from; i < from + 400; i += 1) expect((await post(shop.gateway, { query: `{ products { x${i}: name } } #${'x'.repeat(30_000)}` })).status).toBe(200);
    };
    await flood(0);
    expect(await megabytesKept(() => flood(1_000))).toBeLessThan(40);
  });
});
