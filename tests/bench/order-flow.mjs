import { setTimeout as sleep } from 'node:timers/promises';
import { postWebhook, shopifyOrder } from '@quanyu/channel-sandbox';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { percentile } from './percentile.mjs';

const PER_SECOND = 10;

const order = (id) => shopifyOrder({
  id, name: `#B${id}`, createdAt: '2026-11-20T10:00:00+08:00', financialStatus: 'paid', currency: 'CNY',
  lines: [{ sku: 'QY-TEA-250', variantId: 41000000000021, productId: 83, title: 'House tea', quantity: 1, price: '88.00' }],
  customer: { id: id + 1, firstName: 'Test', lastName: 'Buyer', email: `b${id}@example.com` },
  shippingAddress: { firstName: 'Test', lastName: 'Buyer', address1: 'Sample street 1', city: '上海', province: '上海', provinceCode: 'SH', country: 'China', countryCode: 'CN', zip: '200000' },
});

/** Paid orders at an even pace: how long the webhook's answer takes, and how long until a live client sees the order confirmed. */
export async function orderFlow({ url, token, demo }, count) {
  const ask = async (query) => (await (await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query }) })).json()).data;
  // Enough stock for all of them.
  const { skus: [{ id: skuId }] } = await ask('{ skus(codes: ["QY-TEA-250"]) { id } }');
  await ask(`mutation { setStockOnHand(input: { skuId: "${skuId}", onHand: 1000000, idempotencyKey: "bench-${Date.now()}" }) { userErrors { code } } }`);

  const sent = new Map();
  const confirmed = [];
  const client = createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` } });
  client.subscribe({ query: 'subscription { ordersChanged { orderNumber status } }' }, {
    next: ({ data }) => {
      const { orderNumber, status } = data.ordersChanged;
      if (status !== 'TO_SHIP' || !sent.has(orderNumber)) return;
      confirmed.push(performance.now() - sent.get(orderNumber));
      sent.delete(orderNumber);
    },
    error: (error) => { throw error; },
    complete: () => undefined,
  });
  await sleep(500);

  const answers = [];
  const first = 9_000_000_000_000 + (Date.now() % 1_000_000_000) * 1000;
  const warmUp = 20;
  for (let n = 0; n < count + warmUp; n += 1) {
    const next = sleep(1000 / PER_SECOND);
    const body = order(first + n * 2);
    if (n >= warmUp) sent.set(body.name, performance.now());
    const { status, ms } = await postWebhook({ url: `${url}${new URL(demo.webhookUrl).pathname}`, secret: demo.webhookSecret, shopDomain: demo.shopDomain, topic: 'orders/create', body: JSON.stringify(body) });
    if (status !== 200) throw new Error(`The webhook answered ${status}`);
    if (n >= warmUp) answers.push(ms);
    await next;
  }
  for (const end = Date.now() + 30_000; sent.size > 0 && Date.now() < end;) await sleep(50);
  await client.dispose();
  if (sent.size > 0) throw new Error(`${sent.size} orders were never confirmed`);
  return {
    count, perSecond: PER_SECOND,
    answer: { p50: percentile(answers, 0.5), p99: percentile(answers, 0.99) },
    confirmed: { p50: percentile(confirmed, 0.5), p95: percentile(confirmed, 0.95) },
  };
}
