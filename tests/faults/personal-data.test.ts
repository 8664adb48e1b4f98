import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import type { Json } from '../harness/credentials.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder, storyDone } from '../journeys/channel-order-to-ledger/story.js';

// Nothing else in the product looks like these.
const CANARY = { phone: '+8613911112222', local: '13911112222', street: '金丝雀巷 77 号', name: '林知更', email: 'canary.bird@example.com' };
const needles = [CANARY.local, '139-1111-2222', CANARY.street, '金丝雀巷', CANARY.name, CANARY.email, 'canary.bird'];

let product: Product;
beforeAll(async () => { product = await (await freshProduct()).start(); }, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const withCanary = (over: object = {}): Json => paidOrder({
  customer: { id: 424242, firstName: CANARY.name, lastName: null, email: CANARY.email, phone: CANARY.phone },
  shippingAddress: { firstName: CANARY.name, lastName: null, address1: CANARY.street, city: '上海', province: '上海', provinceCode: 'SH', country: 'China', countryCode: 'CN', zip: '200000', phone: CANARY.phone },
  ...over,
}).body;

describe('personal data', () => {
  it('is nowhere in clear after it went through the story: not in a log, a queue, an event, an error, an answer or a table', async () => {
    const body = withCanary();
    const answers = [await product.webhook(body)];
    const order = await storyDone(product, body);
    // Ways that end badly: not an order, a broken body, an unknown SKU, a wrong signature.
    answers.push(await product.webhook({ ...body, line_items: CANARY.street }));
    answers.push(await product.webhook(`${JSON.stringify(body)} ${CANARY.phone}`));
    answers.push(await product.webhook(withCanary({ lines: [{ sku: 'UNHEARD-OF', variantId: 5, productId: 5, title: 'x', quantity: 1, price: '1.00' }] })));
    answers.push(await product.webhook(body, { badSignature: true }));
    const refused = await product.ask('query($id: ID!) { order(id: $id) { id } }', { id: CANARY.phone });
    expect(refused.errors).toBeDefined();
    await eventually(async () => {
      const [row] = await product.sql<{ count: number }>("select count(*)::int as count from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED')");
      expect(row!.count).toBe(0);
    });

    const places: [string, string][] = [
      ['an answer of a webhook', JSON.stringify(answers.map((answer) => answer.text))],
      ['an answer of the graph', JSON.stringify([order, refused.errors])],
      ['the log', await readFile(product.logFile, 'utf8')],
    ];
    const tables = await product.sql<{ name: string }>(
      "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')");
    expect(tables.length).toBeGreaterThan(40);
    for (const { name } of tables) {
      const rows = await product.sql<{ row: string }>(`select t::text as row from ${name} t`);
      places.push([`table ${name}`, rows.map(({ row }) => row).join('\n')]);
    }
    const found = places.flatMap(([place, text]) => needles.filter((needle) => text.includes(needle)).map((needle) => `${needle} in ${place}`));
    expect(found).toEqual([]);
  });

  it('would be found if it were there', async () => {
    const rows = await product.sql<{ row: string }>("select t::text as row from catalog.product t");
    expect(rows.map(({ row }) => row).join('\n')).toContain('Creator mug');
  });
});
