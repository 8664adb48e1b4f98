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
  await eventually(async () => expect((await page()).text).toContain('77.77'), 20_000);
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
