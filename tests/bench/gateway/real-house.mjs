import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { profiled } from '../cpu-profile.mjs';
import { startHouse } from '../house.mjs';
import { processorTime } from '../processor-time.mjs';
import { load } from './load.mjs';

const [PRODUCTS, SKUS_EACH, PAGES, PAGE] = [60, 3, 30, 20];
const CONNECTIONS = 20;
const WARM_SECONDS = 6;

const LIST = `query Shelf($after: String) { products(first: ${PAGE}, after: $after) { nodes {
  id title brand status skus { id code title options { name value } price(currency: "CNY") { amount currency } stock { available } } } } }`;
const PRODUCT = 'query Product($id: ID!) { product(id: $id) { id title brand kind status skus { id code title options { name value } price(currency: "CNY") { amount currency } } } }';

const WITH_STOCK = PRODUCT.replace('price(', 'stock { available } price(');

/** The real subgraphs on PostgreSQL, everything in one process: pages of products with SKUs, price and stock, and products by id. */
export async function realHouse({ seconds, say }) {
  const folder = mkdtempSync(join(tmpdir(), 'quanyu-bench-'));
  chmodSync(folder, 0o755);
  say('the real subgraphs: starting');
  const house = await startHouse('standalone', folder);
  try {
    const made = await stockShelves(house);
    const questions = {
      list: Array.from({ length: PAGES }, (_, n) => listed(made.slice(n + 1, n + 1 + PAGE), made[n].id)),
      'product-with-stock': made.map((product) => ({ query: WITH_STOCK, variables: { id: product.id }, data: { product } })),
      product: made.map((product) => ({ query: PRODUCT, variables: { id: product.id }, data: { product: withoutStock(product) } })),
    };
    const figures = [];
    for (const [name, what, perSecond, mostSql] of [['list', `${PAGE} products with SKUs and price, kept between, and stock read live`, 400, 5], ['product-with-stock', 'a product by id with SKUs and price, kept between, and stock read live', undefined, 4], ['product', 'a product by id with SKUs and price, kept between', 1_500, 3]]) {
      say(`the real subgraphs: ${name}`);
      const asked = questions[name].map(({ query, variables, data }) => ({ body: JSON.stringify({ query, variables }), expected: { data } }));
      const options = { url: `${house.url}/graphql`, headers: { authorization: `Bearer ${house.token}` }, connections: CONNECTIONS, questions: asked };
      // A house runs for days: what counts is how fast it is when it is warm.
      await load({ ...options, seconds: Math.max(WARM_SECONDS, seconds / 2) });
      const idle = await transactionsOf(house, () => sleep(3_000));
      const before = processorTime(house);
      let told;
      const transactions = await transactionsOf(house, async () => { told = await profiled(`house-${name}`, house.pid, () => load({ ...options, seconds })); });
      const after = processorTime(house);
      const spent = Object.entries(after).map(([part, ms]) => [part, (ms - before[part]) / told.count]);
      figures.push(
        { name: `house: ${what}`, value: round(told.perSecond), unit: '/s', ...(perSecond === undefined ? {} : { goal: perSecond, atLeast: true }) },
        { name: `  p99 (p50 ${round(told.p50)} ms, ${told.bytes} bytes)`, value: round(told.p99), unit: 'ms' },
        { name: '  SQL statements', value: round((transactions.count - (idle.count / idle.seconds) * transactions.seconds) / told.count), unit: '', goal: mostSql },
        ...spent.map(([part, ms]) => ({ name: `  CPU of ${part}`, value: round(ms, 2), unit: 'ms' })),
      );
    }
    return figures;
  } finally {
    await house.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const round = (value, digits = 1) => Number(value.toFixed(digits));

/** How many transactions are committed in how many seconds: a read is one, with one statement. What the house does when nobody asks is in it. */
async function transactionsOf(house, work) {
  const count = async () => Number((await house.sql('select sum(xact_commit) as n from pg_stat_database'))[0].n);
  const [before, since] = [await count(), performance.now()];
  await work();
  // Backends tell their counts once a second at most.
  await sleep(1_200);
  return { count: await count() - before, seconds: (performance.now() - since) / 1000 };
}

async function stockShelves({ url, token }) {
  const ask = async (query, variables) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const products = [];
  for (let n = 0; n < PRODUCTS; n += 1) {
    const input = {
      idempotencyKey: `bench-${n}`, title: `Bench product ${n}`, brand: n % 2 ? 'Bench' : null, kind: 'PHYSICAL',
      skus: Array.from({ length: SKUS_EACH }, (_, k) => ({ code: `BENCH-${n}-${k}`, title: `Size ${k}`, options: [{ name: 'size', value: `${k}` }, { name: 'colour', value: 'red' }], price: { amount: `${n + 1}.${k}0`, currency: 'CNY' } })),
    };
    const { createProduct: { product } } = await ask('mutation Make($input: CreateProductInput!) { createProduct(input: $input) { product { id title brand kind status skus { id code title options { name value } price(currency: "CNY") { amount currency } } } } }', { input });
    const skus = await Promise.all(product.skus.map(async (sku, k) => {
      const onHand = n * 10 + k;
      await ask('mutation Stock($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId: sku.id, onHand, idempotencyKey: `bench-${n}-${k}` } });
      return { ...sku, stock: { available: onHand } };
    }));
    products.unshift({ ...product, skus });
  }
  return products;
}

const cursorOf = (id) => Buffer.from(`i:${id}`).toString('base64url');
const withoutStock = ({ skus, ...product }) => ({ ...product, skus: skus.map(({ stock: _, ...sku }) => sku) });
const listed = (products, after) => ({ query: LIST, variables: { after: cursorOf(after) }, data: { products: { nodes: products.map(({ kind: _, ...product }) => product) } } });
