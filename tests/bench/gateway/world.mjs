// The graph of the benchmark: what each subgraph says, the data in memory, the four workloads.
// Everything follows from small numbers, so the answers can be told apart and checked.

export const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires"])\n';

/** Pages of data: a varied run asks for another page each time, a fixed one always for the first. */
export const PAGES = 64;
const REVIEWS_OF_A_USER = 3;
const REVIEWS_OF_A_PRODUCT = 4;
const USERS = 7;

export const TYPES = {
  accounts: 'type User @key(fields: "id") { id: ID! name: String username: String @shareable } type Query { users(page: Int = 0): [User] }',
  inventory: `type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }`,
  products: 'type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int } type Query { topProducts(first: Int = 5, page: Int = 0): [Product] }',
  reviews: `type Review @key(fields: "id") { id: ID! body: String author: User product: Product }
    type User @key(fields: "id") { id: ID! reviews: [Review] } type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
  catalog: 'type Item @key(fields: "id") { id: ID! sku: String! title: String! image: String } type Query { items(first: Int = 50, page: Int = 0): [Item!]! item(id: ID!): Item }',
  stock: 'type Item @key(fields: "id") { id: ID! available: Int! location: String }',
  prices: 'type Money { amount: String! currency: String! } type Item @key(fields: "id") { id: ID! price: Money! }',
  orders: `type Order @key(fields: "id") { id: ID! number: String! status: String! buyer: Member! channel: Channel! lines: [Line!]! }
    type Line { quantity: Int! item: Item! } type Member @key(fields: "id", resolvable: false) { id: ID! } type Channel @key(fields: "id", resolvable: false) { id: ID! }
    type Item @key(fields: "id", resolvable: false) { id: ID! } type Query { order(id: ID!): Order }`,
  people: 'type Member @key(fields: "id") { id: ID! name: String! level: String! points: Int! }',
  channels: 'type Channel @key(fields: "id") { id: ID! name: String! platform: String! }',
};
export const SUBGRAPHS = Object.keys(TYPES);

const LOREM = 'Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore';
const body = (n) => `${LOREM.slice(0, 43 + (n % 50))} ${n}`;
const number = (id) => Number(String(id).replace(/\D/g, '')) || 0;
const user = (n) => ({ __typename: 'User', id: `u${n}`, name: `User ${n}`, username: `@user${n}` });
const product = (n) => ({ __typename: 'Product', upc: `p${n}`, name: `Product number ${n}`, price: 100 + (n % 900), weight: 10 + (n % 90) });
const review = (n, author, about) => ({ __typename: 'Review', id: `r${n}`, body: body(n), author: user(author), product: product(about) });
const reviewsOfUser = (n) => Array.from({ length: REVIEWS_OF_A_USER }, (_, k) => review(n * 7 + k, n, (n * 3 + k) % 40 + Math.floor(n / USERS) * 40));
const reviewsOfProduct = (n) => Array.from({ length: REVIEWS_OF_A_PRODUCT }, (_, k) => review(n * 11 + k + 5_000, (n + k) % USERS + Math.floor(n / 40) * USERS, n));
const item = (n) => ({ __typename: 'Item', id: `i${n}`, sku: `SKU-${n}`, title: `Item number ${n} of the list`, image: `https://img.example/${n}.jpg` });
const list = (first, of) => Array.from({ length: first }, (_, n) => of(n));

export const RESOLVERS = {
  accounts: { Query: { users: (_, { page }) => list(USERS, (n) => user(page * USERS + n)) }, User: { __resolveReference: ({ id }) => user(number(id)) } },
  inventory: { Product: {
    __resolveReference: (it) => it, inStock: ({ upc }) => number(upc) % 3 !== 0,
    shippingEstimate: ({ price, weight }) => (price > 500 ? 0 : Math.round(weight / 2)),
  } },
  products: { Query: { topProducts: (_, { first, page }) => list(first, (n) => product(page * 40 + n)) }, Product: { __resolveReference: ({ upc }) => product(number(upc)) } },
  reviews: {
    User: { __resolveReference: (it) => it, reviews: ({ id }) => reviewsOfUser(number(id)) },
    Product: { __resolveReference: (it) => it, reviews: ({ upc }) => reviewsOfProduct(number(upc)) },
  },
  catalog: { Query: { items: (_, { first, page }) => list(first, (n) => item(page * 50 + n)), item: (_, { id }) => item(number(id)) }, Item: { __resolveReference: ({ id }) => item(number(id)) } },
  stock: { Item: { __resolveReference: (it) => it, available: ({ id }) => number(id) * 7 % 100, location: ({ id }) => `A-${number(id) % 20}` } },
  prices: { Item: { __resolveReference: (it) => it, price: ({ id }) => ({ amount: `${number(id) % 500}.00`, currency: 'CNY' }) } },
  orders: { Query: { order: (_, { id }) => ({
    id, number: `#${number(id)}`, status: 'TO_SHIP', buyer: { id: `m${number(id)}` }, channel: { id: `c${number(id) % 9}` },
    lines: list(5, (n) => ({ quantity: n + 1, item: { id: `i${number(id) * 5 + n}` } })),
  }) } },
  people: { Member: { __resolveReference: ({ id }) => ({ id, name: `Member ${number(id)}`, level: 'GOLD', points: number(id) * 10 }) } },
  channels: { Channel: { __resolveReference: ({ id }) => ({ id, name: `Shop ${number(id)}`, platform: 'SHOPIFY' }) } },
};

const NESTED = `fragment User on User { id username name }
fragment Review on Review { id body }
fragment Product on Product { inStock name price shippingEstimate upc weight }
query Nested($page: Int) {
  users(page: $page) { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
  topProducts(first: 5, page: $page) { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
}`;
const LIST = 'query Items($page: Int) { items(first: 50, page: $page) { id sku title image available location price { amount currency } } }';
const DETAIL = `query Detail($id: ID!) { order(id: $id) { id number status buyer { id name level points } channel { id name platform }
  lines { quantity item { id sku title available price { amount currency } } } } }`;
const POINT = 'query Point($id: ID!) { item(id: $id) { id title } }';

/** `fetches`: the most subgraph calls that one answer of ours may take. */
export const WORKLOADS = [
  { name: 'nested', what: 'the well-known nested query, 4 subgraphs', query: NESTED, variables: (n) => ({ page: n }), fetches: 7 },
  { name: 'list', what: '50 products with stock and price', query: LIST, variables: (n) => ({ page: n }), fetches: 3 },
  { name: 'detail', what: 'an order over five subgraphs and more', query: DETAIL, variables: (n) => ({ id: `o${n}` }), fetches: 7 },
  { name: 'point', what: 'a small point query', query: POINT, variables: (n) => ({ id: `i${n}` }), fetches: 1 },
];
