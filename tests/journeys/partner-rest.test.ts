import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../harness/credentials.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder, storyDone } from './channel-order-to-ledger/story.js';

let product: Product;
let order: Json;
beforeAll(async () => {
  product = await (await freshProduct()).start();
  const { body } = paidOrder();
  await product.webhook(body);
  order = await storyDone(product, body);
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const ask = async (path: string, key: string | null = product.partnerKey): Promise<{ readonly status: number; readonly body: Json; readonly headers: Headers }> => {
  const response = await fetch(`${product.url}/rest/v1${path}`, { headers: key === null ? {} : { 'x-api-key': key } });
  return { status: response.status, body: await response.json() as Json, headers: response.headers };
};

describe('a partner without GraphQL', () => {
  it('reads orders, goods and stock with the key that it has, and the same as the graph tells', async () => {
    const { status, body, headers } = await ask('/orders?first=5');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    // Page by page: others may have sold in this house, too.
    let page = body;
    const isIt = ({ orderNumber }: Json): boolean => orderNumber === order.orderNumber;
    while (!page.nodes.some(isIt) && page.pageInfo.hasNextPage) page = (await ask(`/orders?first=5&after=${encodeURIComponent(page.pageInfo.endCursor)}`)).body;
    const found = page.nodes.find(isIt);
    const query = 'query($id: ID!) { order(id: $id) { id status amounts { total { amount currency } } lines { quantity sku { code } } } }';
    const graph = (await (await fetch(`${product.url}/public/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': product.partnerKey }, body: JSON.stringify({ query, variables: { id: found.id } }) })).json() as Json).data.order;
    expect(found).toMatchObject(graph);
    expect((await ask(`/orders/${found.id}`)).body).toMatchObject(graph);
    expect((await ask('/skus?codes=QY-MUG-WHT&codes=QY-TEA-250')).body.map(({ code, stock }: Json) => [code, typeof stock.available])).toEqual([['QY-MUG-WHT', 'number'], ['QY-TEA-250', 'number']]);
    expect((await ask('/key')).body).toMatchObject({ kind: 'PARTNER' });
    expect((await ask('/products?query=QY-MUG')).body.nodes[0].skus.map(({ code }: Json) => code)).toContain('QY-MUG-WHT');
    expect((await ask('/channels')).body.nodes.length).toBeGreaterThan(0);
  });

  it('is refused in the house’s shape', async () => {
    const refused = async (path: string, key?: string | null): Promise<unknown> => { const { status, body } = await ask(path, key); return [status, body.error.code, typeof body.error.requestId]; };
    expect(await refused('/orders', null)).toEqual([401, 'UNAUTHENTICATED', 'string']);
    expect(await refused('/orders', product.staffToken)).toEqual([401, 'UNAUTHENTICATED', 'string']);
    expect(await refused('/orders?page=2')).toEqual([400, 'PARAMETER_INVALID', 'string']);
    expect(await refused('/orders/ord_01k00000000000000000000000')).toEqual([404, 'NOT_FOUND', 'string']);
    expect(await refused('/orders/sku_1')).toEqual([400, 'INVALID_ID', 'string']);
    expect(await refused('/members')).toEqual([404, 'NOT_FOUND', 'string']);
  });

  it('finds its manual there', async () => {
    const { body } = await ask('/openapi.json', null);
    expect([body.openapi, Object.keys(body.paths)]).toEqual(['3.1.0', ['/key', '/channels', '/orders', '/orders/{id}', '/products', '/skus']]);
  });
});
