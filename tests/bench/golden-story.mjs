import { setTimeout as sleep } from 'node:timers/promises';
import { postWebhook, shopifyOrder } from '@quanyu/channel-sandbox';
import { percentile } from './percentile.mjs';

/** Enough in flight to keep two cores busy, few enough that nothing waits for long. */
const IN_FLIGHT = 16;
const TIMEOUT_MS = 180_000;

let next = 6_000_000_000_000 + (Date.now() % 1_000_000_000) * 1_000;

/** A paid order of one line. */
export function paidOrder() {
  const id = (next += 7);
  return shopifyOrder({
    id, name: `#G${id}`, createdAt: '2026-11-20T10:00:00+08:00', financialStatus: 'paid', currency: 'CNY',
    lines: [{ sku: 'QY-TEA-250', variantId: 41000000000021, productId: 83, title: 'House tea', quantity: 1, price: '88.00' }],
    customer: { id: id + 1, firstName: 'Test', lastName: 'Buyer', email: `g${id}@example.com` },
    shippingAddress: { firstName: 'Test', lastName: 'Buyer', address1: 'Sample street 1', city: '上海', province: '上海', provinceCode: 'SH', country: 'China', countryCode: 'CN', zip: '200000' },
  });
}

/** Posts an order's webhook; throws when nobody answers. */
export const post = ({ url, demo }, order) => postWebhook({
  url: `${url}${new URL(demo.webhookUrl).pathname}`, secret: demo.webhookSecret, shopDomain: demo.shopDomain, topic: 'orders/create', body: JSON.stringify(order),
});

/** Enough tea for every order of a run. */
export async function stockUp({ url, token }) {
  const ask = async (query) => (await (await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query }) })).json()).data;
  const { skus: [{ id }] } = await ask('{ skus(codes: ["QY-TEA-250"]) { id } }');
  await ask(`mutation { setStockOnHand(input: { skuId: "${id}", onHand: 10000000, idempotencyKey: "golden-${Date.now()}" }) { userErrors { code } } }`);
}

/** Orders whose sale and whose points are both in the ledger. */
export const posted = async ({ sql }) => (await sql("select count(*)::int as count from (select order_id from finance.journal_entry group by order_id having count(*) = 2) x"))[0].count;

/** `count` paid orders as fast as they are taken: from the first webhook to the last posting. */
export async function goldenStory(house, count) {
  const before = await posted(house);
  const answers = [];
  const since = performance.now();
  let sent = 0;
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
    while (sent < count) {
      sent += 1;
      const { status, ms } = await post(house, paidOrder());
      if (status !== 200) throw new Error(`The webhook answered ${status}`);
      answers.push(ms);
    }
  }));
  const takenIn = (performance.now() - since) / 1000;
  for (const end = performance.now() + TIMEOUT_MS; (await posted(house)) < before + count;) {
    if (performance.now() > end) throw new Error(`${before + count - (await posted(house))} orders did not come to the ledger`);
    await sleep(20);
  }
  const seconds = (performance.now() - since) / 1000;
  return { perSecond: count / seconds, takenPerSecond: count / takenIn, answerP99: percentile(answers, 0.99) };
}
