import { describe, expect, it } from '@jest/globals';
import type { GraphQLError } from 'graphql';
import type { SubgraphSource } from '../sources/source.js';
import { byKey, smallGraph } from './small-graph.test.js';

const subgraphsOf = (fetches: readonly { readonly subgraph: string }[]): string => fetches.map(({ subgraph }) => subgraph).join(' ');

describe('@requires with arguments', () => {
  const products = [{ upc: '1', weight: 3 }, { upc: '2', weight: 5 }];
  const graph = smallGraph({
    goods: {
      types: `type Query { products: [Product!]! }
        type Comment { id: ID! text: String! }
        type Product @key(fields: "upc") { upc: String! weight: Int price(currency: String!): Int comments(limit: Int): [Comment!]! }`,
      resolvers: {
        Query: { products: () => products },
        Product: {
          ...byKey(products, 'upc'),
          price: ({ upc }: { upc: string }, { currency }: { currency: string }) => Number(upc) * (currency === 'USD' ? 100 : 90),
          comments: (_: unknown, { limit = 2 }: { limit?: number }) => Array.from({ length: limit }, (_item, n) => ({ id: n, text: `c${n}` })),
        },
      },
    },
    ship: {
      types: `type Comment { text: String! @external }
        type Product @key(fields: "upc") { upc: String! weight: Int @external price(currency: String!): Int @external comments(limit: Int): [Comment!]! @external
          usd: Int @requires(fields: "price(currency: \\"USD\\") weight") eur: Int @requires(fields: "price(currency: \\"EUR\\")")
          digest: String @requires(fields: "comments(limit: 5) { text }") short: String @requires(fields: "comments { text }") }`,
      resolvers: { Product: {
        usd: ({ price, weight }: { price: number; weight: number }) => price + weight, eur: ({ price }: { price: number }) => price,
        digest: ({ comments }: { comments: { text: string }[] }) => comments.map(({ text }) => text).join(),
        short: ({ comments }: { comments: { text: string }[] }) => comments.map(({ text }) => text).join(),
      } },
    },
  });

  it('keeps what the client asks apart from what a field requires', async () => {
    expect(await graph.ask('{ products { digest comments(limit: 1) { id } more: comments(limit: 3) { text } price(currency: "EUR") usd } }')).toEqual({ errors: [], later: [], data: {
      products: products.map(({ upc, weight }) => ({
        digest: 'c0,c1,c2,c3,c4', comments: [{ id: '0' }], more: [{ text: 'c0' }, { text: 'c1' }, { text: 'c2' }], price: Number(upc) * 90, usd: Number(upc) * 100 + weight,
      })),
    } });
    expect(subgraphsOf(graph.fetches)).toBe('goods ship');
  });

  it('gives two fields that require one field with different arguments each its own, in one request', async () => {
    expect((await graph.ask('{ products { usd eur digest short } }')).data).toEqual({
      products: products.map(({ upc, weight }) => ({ usd: Number(upc) * 100 + weight, eur: Number(upc) * 90, digest: 'c0,c1,c2,c3,c4', short: 'c0,c1' })),
    });
    expect(subgraphsOf(graph.fetches)).toBe('goods ship');
  });

  it('does not let an alias take the place of a key or of what is required', async () => {
    expect((await graph.ask('{ products { upc: weight weight: upc usd price: usd __typename: upc } }'.replace('__typename: upc', 'name: __typename'))).data).toEqual({
      products: products.map(({ upc, weight }) => ({ upc: weight, weight: upc, usd: Number(upc) * 100 + weight, price: Number(upc) * 100 + weight, name: 'Product' })),
    });
  });

  it('asks for a leaf under two aliases once', async () => {
    await graph.ask('{ products { a: price(currency: "USD") b: price(currency: "USD") } }');
    expect(graph.fetches[0]?.query).toBe('{products{price_q0:price(currency:"USD")}}');
  });
});

describe('keys', () => {
  const books = [{ isbn: 'b1', lib: { id: 'l1' } }, { isbn: 'b2', lib: null }, { isbn: null, lib: { id: 'l2' } }];
  const graph = smallGraph({
    shelf: {
      types: 'type Query { books: [Book!]! } type Lib { id: ID! @shareable } type Book @key(fields: "isbn lib { id }") { isbn: String @shareable lib: Lib @shareable }',
      resolvers: { Query: { books: () => books } },
    },
    links: {
      types: 'type Lib { id: ID! @shareable } type Book @key(fields: "isbn lib { id }") @key(fields: "code") { isbn: String @shareable lib: Lib @shareable code: ID! }',
      resolvers: { Book: { __resolveReference: ({ isbn, lib, code }: { isbn: string; lib: { id: string }; code: string }) => (code === undefined ? { code: `${isbn}-${lib.id}` } : { code }) } },
    },
    sales: {
      types: 'type Book @key(fields: "code") { code: ID! sold: Int }',
      resolvers: { Book: { __resolveReference: (book: object) => book, sold: ({ code }: { code: string }) => code.length } },
    },
  });

  it('reaches an entity through a nested key and another subgraph', async () => {
    expect((await graph.ask('{ books { sold } }')).data).toMatchObject({ books: [{ sold: 5 }, {}, {}] });
    expect(subgraphsOf(graph.fetches)).toBe('shelf links sales');
    expect(graph.fetches[1]?.variables).toEqual({ representations: [{ __typename: 'Book', isbn: 'b1', lib: { id: 'l1' } }] });
  });

  it('gives null for an entity whose key is null, without asking and without an error', async () => {
    const { data, errors } = await graph.ask('{ books { isbn sold } }');
    expect([data, errors]).toEqual([{ books: [{ isbn: 'b1', sold: 5 }, { isbn: 'b2', sold: null }, { isbn: null, sold: null }] }, []]);
  });
});

describe('@interfaceObject and abstract types', () => {
  const media = [{ __typename: 'Book', id: '1', title: 'Tea', pages: 10 }, { __typename: 'Film', id: '2', title: 'Cup', minutes: 90 }];
  const graph = smallGraph({
    media: {
      types: `interface Media @key(fields: "id") { id: ID! title: String! } union Any = Book | Film
        type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int! } type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int! }
        type Query { media: [Media!]! any: [Any!]! }`,
      resolvers: { Query: { media: () => media, any: () => media }, Media: byKey(media, 'id'), Book: byKey(media, 'id'), Film: byKey(media, 'id') },
    },
    stars: {
      types: 'type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int! } type Query { best: [Media!]! }',
      resolvers: { Media: { __resolveReference: (it: object) => it, stars: ({ id }: { id: string }) => Number(id) * 2 }, Query: { best: () => [{ id: '2' }, { id: '1' }] } },
    },
    shop: {
      types: 'type Book @key(fields: "id") { id: ID! price: Int } type Film @key(fields: "id") { id: ID! price: String }',
      resolvers: { Book: { __resolveReference: (it: object) => it, price: () => 5 }, Film: { __resolveReference: (it: object) => it, price: () => 'six' } },
    },
  });

  it('adds fields of an interface object to every type', async () => {
    expect((await graph.ask('{ media { __typename title stars ... on Book { pages } ... on Film { minutes } } }')).data).toEqual({ media: [
      { __typename: 'Book', title: 'Tea', stars: 2, pages: 10 }, { __typename: 'Film', title: 'Cup', stars: 4, minutes: 90 },
    ] });
    expect(subgraphsOf(graph.fetches)).toBe('media stars');
    expect(graph.fetches[1]?.variables).toEqual({ representations: [{ __typename: 'Media', id: '1' }, { __typename: 'Media', id: '2' }] });
  });

  it('learns the type of an object that it knew by its interface only', async () => {
    expect((await graph.ask('{ best { stars __typename title ... on Book { pages } } }')).data).toEqual({ best: [
      { stars: 4, __typename: 'Film', title: 'Cup' }, { stars: 2, __typename: 'Book', title: 'Tea', pages: 10 },
    ] });
    expect((await graph.ask('{ best { stars id } }')).data).toEqual({ best: [{ stars: 4, id: '2' }, { stars: 2, id: '1' }] });
    expect(subgraphsOf(graph.fetches)).toBe('stars');
  });

  it('keeps apart fields of one name whose types differ', async () => {
    expect((await graph.ask('{ any { ... on Book { price } ... on Film { cost: price } } }')).data).toEqual({ any: [{ price: 5 }, { cost: 'six' }] });
    expect(subgraphsOf(graph.fetches)).toBe('media shop');
  });
});

describe('@provides, @override and shared fields', () => {
  const graph = smallGraph({
    users: {
      types: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String @shareable mail: String address: Address @shareable } type Address { street: String @shareable city: String }',
      resolvers: { Query: { me: () => ({ id: '1' }) }, User: { __resolveReference: (it: object) => it, name: () => 'Ann', mail: () => 'a@x', address: () => ({ street: 'Main', city: 'Bern' }) } },
    },
    posts: {
      types: `type Query { post: Post } type Post { author: User @provides(fields: "name") reader: User } type User @key(fields: "id") { id: ID! name: String @external mail: String @override(from: "users")
        address: Address @shareable } type Address { street: String @shareable zip: String }`,
      resolvers: {
        Query: { post: () => ({ author: { id: '1', name: 'Ann' }, reader: { id: '1' } }) },
        User: { __resolveReference: (it: object) => it, mail: () => 'new@x', address: () => ({ street: 'Main', zip: () => { throw new Error('no zip'); } }) },
      },
    },
  });

  it('takes what is provided where it stands', async () => {
    expect((await graph.ask('{ post { author { name } } }')).data).toEqual({ post: { author: { name: 'Ann' } } });
    expect(subgraphsOf(graph.fetches)).toBe('posts');
    expect((await graph.ask('{ post { author { name } reader { name } } }')).data).toEqual({ post: { author: { name: 'Ann' }, reader: { name: 'Ann' } } });
    expect(subgraphsOf(graph.fetches)).toBe('posts users');
  });

  it('asks the subgraph that a field has moved to', async () => {
    expect((await graph.ask('{ me { mail name } }')).data).toEqual({ me: { mail: 'new@x', name: 'Ann' } });
    expect(subgraphsOf(graph.fetches)).toBe('users posts');
  });

  it('joins a value that two subgraphs have parts of', async () => {
    expect((await graph.ask('{ me { address { city street } mail } }')).data).toEqual({ me: { address: { city: 'Bern', street: 'Main' }, mail: 'new@x' } });
    expect(await graph.ask('{ me { address { zip city street } } }')).toMatchObject({
      data: { me: { address: { zip: null, city: 'Bern', street: 'Main' } } }, errors: [{ message: 'no zip', path: ['me', 'address', 'zip'] }],
    });
  });
});

describe('nulls and errors', () => {
  const rows = [{ id: '1' }, { id: '2' }, { id: '3' }];
  const boom = (id: string): never => { throw new Error(`boom ${id}`); };
  const graph = smallGraph({
    a: {
      types: `type Query { rows: [Row] strict: [Row!] one: Row! } type Row @key(fields: "id") { id: ID! need: Int inner: Inner! list: [Int!] deep: [[Row]] } type Inner { value: Int! }`,
      resolvers: {
        Query: { rows: () => rows, strict: () => rows, one: () => rows[0] },
        Row: {
          need: ({ id }: { id: string }) => (id === '2' ? boom('need') : Number(id)), inner: ({ id }: { id: string }) => ({ value: () => (id === '3' ? boom('value') : 1) }),
          list: ({ id }: { id: string }) => (id === '2' ? [1, null] : [1]), deep: () => [[rows[0]], null, [null, rows[1]]],
        },
      },
    },
    b: {
      types: 'type Row @key(fields: "id") { id: ID! need: Int @external sum: Int @requires(fields: "need") must: Int! may: Int }',
      resolvers: { Row: { __resolveReference: (it: object) => it, sum: ({ need }: { need: number }) => need + 1, must: ({ id }: { id: string }) => (id === '2' ? null : 7), may: ({ id }: { id: string }) => (id === '1' ? boom('may') : 8) } },
    },
  });

  it('lets null rise to the next place that may be null, and says why by the client\'s names', async () => {
    expect(await graph.ask('{ r: rows { n: id i: inner { v: value } } }')).toMatchObject({
      data: { r: [{ n: '1', i: { v: 1 } }, { n: '2', i: { v: 1 } }, null] }, errors: [{ message: 'boom value', path: ['r', 2, 'i', 'v'] }],
    });
    expect(await graph.ask('{ strict { m: must } }')).toMatchObject({ data: { strict: null }, errors: [{ path: ['strict', 1, 'm'] }] });
    expect(await graph.ask('{ rows { m: must } }')).toMatchObject({ data: { rows: [{ m: 7 }, null, { m: 7 }] }, errors: [{ path: ['rows', 1, 'm'] }] });
    expect(await graph.ask('{ rows { list } }')).toMatchObject({ data: { rows: [{ list: [1] }, { list: null }, { list: [1] }] }, errors: [{ path: ['rows', 1, 'list', 1] }] });
  });

  it('lets null rise to the top', async () => {
    expect(await graph.ask('{ one { id } strict { inner { value } } }')).toMatchObject({ data: { one: { id: '1' }, strict: null } });
  });

  it('makes an error of a field that cannot be right, instead of computing with nothing', async () => {
    expect(await graph.ask('{ rows { sum } }')).toMatchObject({
      data: { rows: [{ sum: 2 }, { sum: null }, { sum: 4 }] }, errors: [{ message: 'boom need', path: ['rows', 1, 'sum'] }],
    });
    expect(graph.fetches[1]?.variables).toEqual({ representations: [{ __typename: 'Row', id: '1', need: 1 }, { __typename: 'Row', id: '3', need: 3 }] });
  });

  it('tells an error of a shared entity at each of its places, and asks for it once', async () => {
    const { data, errors } = await graph.ask('{ one { may } rows { x: may } deep: one { deep { id y: may } } }');
    expect(data).toEqual({ one: { may: null }, rows: [{ x: null }, { x: 8 }, { x: 8 }], deep: { deep: [[{ id: '1', y: null }], null, [null, { id: '2', y: 8 }]] } });
    expect(errors.map(({ path }) => path)).toEqual([['one', 'may'], ['rows', 0, 'x'], ['deep', 'deep', 0, 0, 'y']]);
    expect(subgraphsOf(graph.fetches)).toBe('a b');
    expect(graph.fetches[1]?.variables).toEqual({ representations: rows.map(({ id }) => ({ __typename: 'Row', id })) });
  });
});

describe('errors that belong to no null', () => {
  const rows = [{ id: '1' }, { id: '2' }];
  const said: { a: readonly unknown[]; b: readonly unknown[] } = { a: [], b: [] };
  // What a subgraph may say beside data that is complete.
  const saying = (name: 'a' | 'b') => (source: SubgraphSource): SubgraphSource => ({
    ...source,
    execute: async (...asked) => {
      const { data } = await source.execute(...asked);
      return { data, errors: said[name].map((path, n) => ({ message: `${name}${n}`, path } as unknown as GraphQLError)) };
    },
  });
  const graph = smallGraph({
    a: { types: 'type Query { rows: [Row!]! hidden: Int } type Row @key(fields: "id") { id: ID! need: Int }', resolvers: { Query: { rows: () => rows, hidden: () => 1 }, Row: { need: ({ id }: { id: string }) => (id === '2' ? null : 1) } } },
    b: { types: 'type Row @key(fields: "id") { id: ID! left: Int note: String }', resolvers: { Row: { __resolveReference: (it: object) => it, left: () => 5, note: () => null } } },
  }, { a: saying('a'), b: saying('b') });

  it.each<[string, keyof typeof said, unknown]>([
    ['without a path', 'a', undefined], ['at an object that is there', 'a', ['rows', 0]], ['at a field that nobody asked for', 'a', ['hidden']], ['at an item that is not there', 'a', ['rows', 7]],
    ['at entities that have values', 'b', ['_entities', 1, 'left']], ['at an entity that is there', 'b', ['_entities', 1]], ['at an entity that nobody asked for', 'b', ['_entities', 99, 'left']],
    ['at something else', 'b', ['nothing', 0]], ['without a path, of entities', 'b', undefined],
  ])('are told all the same, once, and leave the data as it is: %s', async (_what, name, path) => {
    [said.a, said.b] = [[], []];
    said[name] = [path];
    const { data, errors } = await graph.ask('{ rows { id left } }');
    expect(data).toEqual({ rows: [{ id: '1', left: 5 }, { id: '2', left: 5 }] });
    expect(errors.map(({ message }) => message)).toEqual([`${name}0`]);
  });

  it('are told at a null of the same fetch where there is one, and by no other error', async () => {
    [said.a, said.b] = [[undefined], [['_entities', 0, 'note'], ['_entities', 0, 'left']]];
    const { data, errors } = await graph.ask('{ rows { id need note left } }');
    expect(data).toEqual({ rows: [{ id: '1', need: 1, note: null, left: 5 }, { id: '2', need: null, note: null, left: 5 }] });
    expect(errors.map(({ message, path }) => [message, path])).toEqual([['b0', ['rows', 0, 'note']], ['a0', undefined], ['b1', undefined]]);
  });
});

describe('conditions and order', () => {
  const graph = smallGraph({
    a: { types: 'type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }', resolvers: { Query: { t: () => ({ id: '1', x: 1 }) } } },
    b: { types: 'type T @key(fields: "id") { id: ID! y: Int }', resolvers: { T: { __resolveReference: () => ({ y: 2 }) } } },
  });
  const query = 'query($x: Boolean!, $y: Boolean = false) { t { ...F y @include(if: $y) ... @skip(if: $x) { z: x } w: y @include(if: $y) } } fragment F on T { x @include(if: $x) id }';

  it('does what the variables say, and fetches no more than that', async () => {
    expect(JSON.stringify((await graph.ask(query, { x: true })).data)).toBe('{"t":{"x":1,"id":"1"}}');
    expect(subgraphsOf(graph.fetches)).toBe('a');
    expect(JSON.stringify((await graph.ask(query, { x: false, y: true })).data)).toBe('{"t":{"id":"1","y":2,"z":1,"w":2}}');
    expect(subgraphsOf(graph.fetches)).toBe('a b');
  });

  it('plans for what is wanted, also where nothing is, or conditions contradict each other', async () => {
    expect(JSON.stringify((await graph.ask('query($x: Boolean!) { t { x @include(if: $x) } u: t @skip(if: $x) { y @include(if: $x) } ... { __typename } }', { x: false })).data)).toBe('{"t":{},"u":{},"__typename":"Query"}');
    expect((await graph.ask('query($x: Boolean!) { t @include(if: $x) { y } __typename }', { x: false })).data).toEqual({ __typename: 'Query' });
    expect(graph.fetches).toEqual([]);
  });

  it('leaves many conditions to the subgraphs', async () => {
    const many = 'query($a: Boolean!, $b: Boolean!, $c: Boolean!, $d: Boolean!, $e: Boolean!) { t { x @include(if: $a) y @include(if: $b) i: id @skip(if: $c) xx: x @skip(if: $d) yy: y @skip(if: $e) } }';
    for (let bits = 0; bits < 32; bits += 1) {
      const [a, b, c, d, e] = [1, 2, 4, 8, 16].map((bit) => (bits & bit) !== 0);
      expect((await graph.ask(many, { a, b, c, d, e })).data).toEqual({ t: { ...(a ? { x: 1 } : {}), ...(b ? { y: 2 } : {}), ...(c ? {} : { i: '1' }), ...(d ? {} : { xx: 1 }), ...(e ? {} : { yy: 2 }) } });
    }
  });

  it('keeps the order of the query whoever answers first', async () => {
    expect(JSON.stringify((await graph.ask('{ t { y x b: y id a: x } u: t { y } }')).data)).toBe('{"t":{"y":2,"x":1,"b":2,"id":"1","a":1},"u":{"y":2}}');
  });
});

describe('mutations', () => {
  it('run one after the other, each with all that belongs to it', async () => {
    const log: string[] = [];
    const step = (name: string) => async () => { log.push(`${name} begins`); await new Promise((resolve) => setTimeout(resolve, 5)); log.push(`${name} ends`); return { id: name }; };
    const graph = smallGraph({
      a: { types: 'type Query { q: Int } type Mutation { one: T two: T } type T @key(fields: "id") { id: ID! }', resolvers: { Mutation: { one: step('one'), two: step('two') } } },
      b: { types: 'type Mutation { three: Int } type T @key(fields: "id") { id: ID! y: Int }', resolvers: { Mutation: { three: () => { log.push('three'); return 3; } }, T: { __resolveReference: ({ id }: { id: string }) => { log.push(`y of ${id}`); return { y: 1 }; } } } },
    });
    expect((await graph.ask('mutation { a: one { y } b: three c: one { id } two { y } }')).data).toEqual({ a: { y: 1 }, b: 3, c: { id: 'one' }, two: { y: 1 } });
    expect(log).toEqual(['one begins', 'one ends', 'y of one', 'three', 'one begins', 'one ends', 'two begins', 'two ends', 'y of two']);
  });
});
