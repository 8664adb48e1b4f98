import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder, storyDone } from './channel-order-to-ledger/story.js';

const folder = new URL('../../schema/operations/', import.meta.url);
const operations = readdirSync(folder).filter((file) => file.endsWith('.graphql')).sort().map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }));

let product: Product;
beforeAll(async () => {
  product = await (await freshProduct()).start();
  const { body } = paidOrder();
  await product.webhook(body);
  await storyDone(product, body);
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

describe('the operations that README and explorer show', () => {
  it.each(operations.filter(({ text }) => !text.includes('subscription ')))('$file answers with data', async ({ text }) => {
    const data = await product.get(text);
    for (const value of Object.values(data)) expect(value).toBeTruthy();
  });

  it.each(operations.filter(({ text }) => text.includes('subscription ')))('$file shows the next change', async ({ file, text }) => {
    const live = await product.live();
    await live.follow(file, text);
    await product.webhook(paidOrder().body);
    await eventually(() => expect(live.seen[file]!.length).toBeGreaterThan(0));
    expect(live.errors).toEqual([]);
  });

  it('are all named in the README', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    for (const { file } of operations) expect(readme).toContain(file);
  });
});
