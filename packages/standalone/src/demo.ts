import { join } from 'node:path';
import type { Progress } from './progress.js';
import type { Standalone } from './start.js';
import { writeWhole } from './write-whole.js';

/** The demo shop that `npm run send-webhook` plays. */
export interface DemoChannel { readonly webhookUrl: string; readonly webhookSecret: string; readonly shopDomain: string }

const SHOP_DOMAIN = 'quanyu-demo.myshopify.com';

// The SKUs that the sandbox's Shopify orders name.
const PRODUCTS = [
  { code: 'QY-TEE-BLK-M', title: '粉丝T恤 黑 M / Fan tee, black, M', price: '129.00', stock: 500 },
  { code: 'QY-MUG-WHT', title: '创作者马克杯 / Creator mug', price: '59.00', stock: 500 },
  { code: 'QY-TEA-250', title: '联名茶 250 克 / House tea, 250 g', price: '88.00', stock: 500 },
  { code: 'QY-LAST-ONE', title: '绝版手办 / The last figure', price: '399.00', stock: 1 },
] as const;

/**
 * Fills the demo tenant through the graph, as its owner would: goods, prices, stock and a Shopify channel. Its
 * idempotency keys are fixed, so a start that was cut short goes on and a second start changes nothing.
 */
export async function seedDemo(standalone: Standalone, dataDir: string, progress: Progress): Promise<DemoChannel> {
  progress.step('demo tenant');
  const { staffToken, webhookSecret } = standalone.credentials!;
  const ask = askAs(standalone.url, staffToken);
  for (const { code, title, price, stock } of PRODUCTS) {
    const { createProduct: { product } } = await ask<{ createProduct: { product: { skus: { id: string }[] } } }>(
      'mutation($input: CreateProductInput!) { createProduct(input: $input) { product { skus { id } } userErrors { code message } } }',
      { input: { title, kind: 'PHYSICAL', skus: [{ code, title, price: { amount: price, currency: 'CNY' } }], idempotencyKey: `demo-product-${code}` } });
    await ask('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code message } } }',
      { input: { skuId: product.skus[0]!.id, onHand: stock, idempotencyKey: `demo-stock-${code}` } });
  }
  const { connectChannel: { webhookPath } } = await ask<{ connectChannel: { webhookPath: string } }>(
    'mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { webhookPath userErrors { code message } } }',
    { input: { platform: 'SHOPIFY', name: 'Demo Shopify shop', shopDomain: SHOP_DOMAIN, webhookSecret, idempotencyKey: 'demo-channel' } });
  const demo: DemoChannel = { webhookUrl: `${standalone.url}${webhookPath}`, webhookSecret, shopDomain: SHOP_DOMAIN };
  await writeWhole(join(dataDir, 'demo.json'), `${JSON.stringify(demo, null, 2)}\n`);
  return demo;
}

const askAs = (url: string, token: string) => async <Data = unknown>(query: string, variables: object): Promise<Data> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  const refusals = Object.values(data ?? {}).flatMap((payload) => (payload as { userErrors?: { message: string }[] } | null)?.userErrors ?? []);
  const faults = [...(errors ?? []), ...refusals];
  if (data === undefined || faults.length > 0) throw new Error(`The demo tenant could not be filled: ${faults.map((fault) => fault.message).join('; ')}`);
  return data;
};
