import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';

let product: Product;
beforeAll(async () => { product = await (await freshProduct()).start(); }, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const PAGE = 'query Page($id: ID!) { product(id: $id) { id title skus { id price(currency: "CNY") { amount } } } }';

it('keeps the page of a product for five minutes, and shows a new price at once', async () => {
  const { products } = await product.get('{ products(first: 1) { nodes { id skus { id } } } }');
  const [{ id, skus: [sku] }] = products.nodes;
  const page = async (headers: Record<string, string> = {}) => {
    const answer = await fetch(`${product.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${product.staffToken}`, ...headers }, body: JSON.stringify({ query: PAGE, variables: { id } }),
    });
    return { text: await answer.text(), kept: answer.headers.get('cache-control'), age: Number(answer.headers.get('age') ?? -1) };
  };
  // Until the gateway hears what changes it keeps nothing.
  const first = await eventually(async () => {
    const shown = await page();
    expect(shown.kept).toBe('private, max-age=300');
    return shown;
  });
  await eventually(async () => expect((await page()).age).toBeGreaterThanOrEqual(1));
  expect((await page()).text).toBe(first.text);

  const { setPrice } = await product.get('mutation($input: SetPriceInput!) { setPrice(input: $input) { userErrors { code } } }', { input: { skuId: sku.id, price: { amount: '77.77', currency: 'CNY' } } });
  expect(setPrice.userErrors).toEqual([]);
  // Whoever has set it waits for nobody to announce it.
  expect((await page()).text).toContain('77.77');

  // A price that ends by itself ends on the page too.
  const validTo = new Date(Date.now() + 100_000).toISOString();
  await product.get('mutation($input: SetPriceInput!) { setPrice(input: $input) { userErrors { code } } }', { input: { skuId: sku.id, price: { amount: '66.66', currency: 'CNY' }, validTo } });
  const ending = await page();
  expect(ending.text).toContain('66.66');
  expect(Number(/max-age=(\d+)/.exec(ending.kept ?? '')?.[1])).toBeLessThan(100);
});

const LIST = 'query List { products(first: 3) { nodes { id title skus { id price(currency: "CNY") { amount } stock { available } } } } }';

it('keeps what a list has of the catalog, reads its stock live, and shows new products and prices at once', async () => {
  interface Listed { readonly id: string; readonly skus: { id: string; price: { amount: string } | null; stock: { available: number } }[] }
  const list = async (): Promise<Listed[]> => (await product.get(LIST)).products.nodes;
  await list();
  const { createProduct: { product: made } } = await product.get('mutation($input: CreateProductInput!) { createProduct(input: $input) { product { id skus { id } } } }', {
    input: { idempotencyKey: 'listed', title: 'New', kind: 'PHYSICAL', skus: [{ code: 'LISTED', price: { amount: '5.00', currency: 'CNY' } }] } });
  const [{ id: skuId }] = made.skus;
  expect((await list())[0]).toMatchObject({ id: made.id, skus: [{ price: { amount: '5.00' }, stock: { available: 0 } }] });
  for (const [onHand, amount] of [[7, '6.00'], [3, '7.00']] as const) {
    await product.get('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId, onHand, idempotencyKey: `listed-${onHand}` } });
    expect((await list())[0]?.skus[0]?.stock.available).toBe(onHand);
    await product.get('mutation($input: SetPriceInput!) { setPrice(input: $input) { userErrors { code } } }', { input: { skuId, price: { amount, currency: 'CNY' } } });
    expect((await list())[0]?.skus[0]).toMatchObject({ price: { amount }, stock: { available: onHand } });
  }
});

it('keeps who somebody is for that one alone, and forgets it when rights change', async () => {
  const who = async (headers: Record<string, string>) => {
    const answer = await fetch(`${product.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query: '{ viewer { kind id scopes } }' }) });
    const { data } = await answer.json() as { data: { viewer: { kind: string; id: string; scopes: string[] } } };
    return { ...data.viewer, kept: answer.headers.get('cache-control'), again: answer.headers.has('age') && Number(answer.headers.get('age')) > 0 };
  };
  const staff = { authorization: `Bearer ${product.staffToken}` };
  const key = async (name: string): Promise<{ headers: { 'x-api-key': string }; id: string }> => {
    const { createPartnerKey: { clearKey, partnerKey } } = await product.get('mutation($name: String!) { createPartnerKey(input: { name: $name, scopes: ["catalog:read"], allChannels: true, idempotencyKey: $name }) { clearKey partnerKey { id } userErrors { message } } }', { name });
    return { headers: { 'x-api-key': clearKey }, id: partnerKey.id };
  };
  // Two keys with the same rights: what they share otherwise they must not share here.
  const [one, other] = [await key('one'), await key('other')];
  await eventually(async () => expect(await who(staff)).toMatchObject({ kind: 'STAFF', kept: 'private, max-age=60' }));
  await eventually(async () => expect(await who(one.headers)).toMatchObject({ kind: 'PARTNER', id: one.id, again: true }));
  expect((await who(other.headers)).id).toBe(other.id);
});
