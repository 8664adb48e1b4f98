import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Json } from '../harness/credentials.js';
import { freshProduct, remove, type Product } from '../harness/product.js';

let product: Product;
beforeAll(async () => { product = await (await freshProduct()).start(); }, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

async function assistant(method: string, params: Json, credentials: Record<string, string>): Promise<Json> {
  const answer = await fetch(`${product.url}/mcp`, {
    method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...credentials }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return await answer.json() as Json;
}
const staff = (): Record<string, string> => ({ authorization: `Bearer ${product.staffToken}` });
const partner = (): Record<string, string> => ({ 'x-api-key': product.partnerKey });
const toolsOf = async (credentials: Record<string, string>): Promise<string[]> => (await assistant('tools/list', {}, credentials)).result.tools.map(({ name }: Json) => name);

it('works with what the one it works for may do, and no more', async () => {
  const [owners, partners] = [await toolsOf(staff()), await toolsOf(partner())];
  expect(owners).toEqual(expect.arrayContaining(['OrderList', 'OrderPage', 'ChangePrice', 'Books', 'People']));
  expect(partners).toEqual(expect.arrayContaining(['OrdersToShip', 'StockOfSkus', 'KeyCheck']));
  expect(partners.filter((name) => ['ChangePrice', 'Books', 'People', 'MemberPage'].includes(name))).toEqual([]);

  const { result } = await assistant('tools/call', { name: 'SearchShelf', arguments: { text: '' } }, staff());
  expect(JSON.parse(result.content[0].text).data.products.nodes.length).toBeGreaterThan(0);
  const refused = await assistant('tools/call', { name: 'People', arguments: {} }, partner());
  expect([refused.result.isError, JSON.parse(refused.result.content[0].text).errors[0].extensions.code]).toEqual([true, 'DOCUMENT_NOT_TRUSTED']);
});

it('is among those who are told to use a field, by the name that it gives itself', async () => {
  await assistant('tools/call', { name: 'SearchShelf', arguments: { text: '' } }, { ...staff(), 'apollographql-client-name': 'shop-assistant' });
  // What was counted is kept at the latest when the house is left.
  await product.stop();
  await product.start();
  const { fieldUsage } = await product.get('{ fieldUsage(field: "Product.title") { client requests } }');
  expect(fieldUsage).toEqual(expect.arrayContaining([{ client: 'shop-assistant', requests: 1 }, { client: 'mcp', requests: 1 }]));
}, 120_000);
