import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readOperations, readRelease, releasedProduct, unpackProduct } from '@quanyu/schema';
import { buildSchema, validate } from 'graphql';
import { eventually } from '../harness/eventually.js';
import type { Json } from '../harness/credentials.js';
import { freshProduct, Product, remove } from '../harness/product.js';
import { checkBooks, paidOrder, storyDone } from '../journeys/channel-order-to-ledger/story.js';

const root = new URL('../../', import.meta.url);
const releaseFolder = new URL('schema/released/', root);
const release = readRelease(releaseFolder)!;
const operations = readOperations(new URL('schema/operations/', root));

// Two products on one data folder, one after the other: what the other has left is there.
let today: Product;
let lastRelease: Product;
beforeAll(async () => {
  today = await freshProduct();
  const folder = join(dirname(today.dataDir), 'last-release');
  await mkdir(folder, { mode: 0o755 });
  lastRelease = new Product(today.dataDir, unpackProduct(releasedProduct(releaseFolder), root.pathname, folder));
}, 180_000);
afterAll(async () => {
  await lastRelease.stop();
  await today.stop();
  await remove(today);
});

/** The order's story in words that the last release knows. */
const told = (product: Product, body: Json): Promise<Json> => eventually(async () => {
  const { orders: { nodes: [order] } } = await product.get('query($number: String!) { orders(filter: { orderNumber: $number }) { nodes { status pointsEarned journalEntries { kind } } } }', { number: body.name });
  expect(order).toMatchObject({ status: 'TO_SHIP', pointsEarned: expect.any(Number) });
  expect(order.journalEntries.length).toBeGreaterThanOrEqual(2);
  return order;
}, 20_000);

describe("the last release's code on today's tables", () => {
  const before = paidOrder();
  const between = paidOrder();

  it('takes an order to the ledger after today has migrated, and reads what today wrote', async () => {
    await today.start();
    await today.webhook(before.body);
    await storyDone(today, before.body);
    await today.stop();

    await lastRelease.start();
    expect(readFileSync(join(dirname(today.dataDir), 'product.log'), 'utf8')).not.toMatch(/"level":"(error|fatal)"/);
    await told(lastRelease, before.body);
    expect((await lastRelease.webhook(between.body)).status).toBe(200);
    await told(lastRelease, between.body);
    await checkBooks(lastRelease);
  }, 120_000);

  it('answers every operation that it was released with', async () => {
    const graph = buildSchema(release.graph);
    const known = operations.filter(({ document }) => validate(graph, document).length === 0);
    const queries = known.filter(({ document }) => document.definitions.every((definition) => definition.kind !== 'OperationDefinition' || (definition.operation === 'query' && !definition.variableDefinitions?.length)));
    expect(queries.length).toBeGreaterThan(5);
    for (const { file } of queries) await lastRelease.get(readFileSync(new URL(file, root), 'utf8'));
  });

  it('hands over to today, which goes on with what it wrote', async () => {
    await lastRelease.stop();
    await today.start();
    await storyDone(today, between.body);
    const after = paidOrder();
    await today.webhook(after.body);
    await storyDone(today, after.body);
    await checkBooks(today);
  }, 120_000);

  it('would show a column that was dropped too early', async () => {
    await today.sql('alter table orders.sales_order drop column order_number cascade');
    await today.stop();
    await lastRelease.start();
    const { errors } = await lastRelease.ask('{ orders(first: 1) { nodes { orderNumber } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  }, 60_000);
});
