// What the webhook door takes while more comes than can be worked on, how soon a push is an order, and that none is lost or doubled: of a crowd, and of a shop's whole day.
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shopifyOrder } from '@quanyu/channel-sandbox';
import { startHouse } from './house.mjs';
import { profiled } from './cpu-profile.mjs';
import { percentile } from './percentile.mjs';
import { shopDay, startShop } from './shop-day.mjs';

const CALLERS = 32;
const rounded = (value, digits = 1) => Number(value.toFixed(digits));

const bodyOf = (id) => JSON.stringify(shopifyOrder({
  id, name: `#W${id}`, createdAt: '2026-11-20T10:00:00+08:00', financialStatus: 'paid', currency: 'CNY',
  lines: [{ sku: 'QY-TEA-250', variantId: 41000000000021, productId: 83, title: 'House tea', quantity: 1, price: '88.00' }],
}));

/** Posts one signed webhook over a line that stays open; gives the milliseconds to its answer. */
function poster({ url, demo }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const target = new URL(`${url}${new URL(demo.webhookUrl).pathname}`);
  const post = (id, body) => new Promise((resolve, reject) => {
    const since = performance.now();
    const call = request(target, {
      method: 'POST', agent,
      headers: {
        'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-shopify-topic': 'orders/create', 'x-shopify-shop-domain': demo.shopDomain, 'x-shopify-webhook-id': `bench-${id}`,
        'x-shopify-hmac-sha256': createHmac('sha256', demo.webhookSecret).update(body).digest('base64'),
      },
    }, (answer) => {
      answer.resume().once('end', () => (answer.statusCode === 200 ? resolve(performance.now() - since) : reject(new Error(`The webhook answered ${answer.statusCode}`))));
    });
    call.once('error', reject).end(body);
  });
  return { post, close: () => agent.destroy() };
}

export async function bench({ quick, orders = quick ? 1_000 : 100_000, say }) {
  const work = mkdtempSync(join(tmpdir(), 'quanyu-bench-'));
  chmodSync(work, 0o755);
  // The demo's shop.
  const world = await startShop('quanyu-demo.myshopify.com');
  const house = await startHouse('standalone', work, { env: { CHANNELS_VIA: world.sandbox.url } });
  const { post, close } = poster(house);
  const first = 8_000_000_000_000;
  const count = async (text) => Number((await house.sql(text))[0].count);
  try {
    say('one push, until the work has begun and made an order of it');
    await post('first', bodyOf(8_100_000_000_000));
    await until(async () => (await count(`select count(*) from orders.sales_order where external_order_id = '8100000000000'`)) === 1, 'the first push');
    say('pushes at 5 a second, until each is an order');
    const calm = quick ? 50 : 200;
    for (let n = 0; n < calm; n += 1) {
      const next = sleep(200);
      await post(`calm-${n}`, bodyOf(first + n));
      await next;
    }
    await until(async () => (await count(`select count(*) from orders.sales_order where external_order_id like '8000000%'`)) >= calm, 'the calm orders');
    const lags = (await house.sql(
      `select extract(epoch from e.time - d.received_at) * 1000 as ms from orders.sales_order o join bridge.delivery d on d.external_order_id = o.external_order_id and d.connection_id = o.connection_id
       join orders.outbox e on e.type = 'orders.order-placed.v1' and e.subject = o.id where o.external_order_id like '8000000%'`)).map(({ ms }) => Number(ms));

    say(`as many as the door takes from ${CALLERS} callers, one in twenty twice`);
    const seconds = quick ? 10 : 30;
    const answers = [];
    const bodies = Array.from({ length: 500 }, (_, n) => bodyOf(first + 100_000 + n));
    let sent = 0;
    let doubled = 0;
    const began = performance.now();
    const end = began + seconds * 1000;
    await profiled('webhook-door', house.pid, () => Promise.all(Array.from({ length: CALLERS }, async () => {
      while (performance.now() < end) {
        const n = sent;
        sent += 1;
        // Another order of the same size: made anew each time, the client would cost more than the door.
        const body = bodies[n % bodies.length].replaceAll(String(first + 100_000 + (n % bodies.length)), String(first + 1_000_000 + n));
        answers.push(await post(`flood-${n}`, body));
        if (n % 20 === 0) { doubled += 1; answers.push(await post(`flood-${n}`, body)); }
      }
    })));
    const took = (performance.now() - began) / 1000;
    const waiting = await count(`select count(*) from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING')`);
    const stored = await count(`select count(*) from bridge.delivery where dedupe_key like 'bench-flood-%' or dedupe_key like 'flood-%'`);

    say(`${waiting} wait; working them off`);
    const since = performance.now();
    await until(async () => (await count(`select count(*) from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED')`)) === 0, 'the queue', quick ? 120_000 : 600_000).catch(() => undefined);
    const left = await count(`select count(*) from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED')`);
    say('a day of a shop');
    const day = await shopDay({ house, world, post, callers: 8, orders, say });
    return [
      { name: 'push to order, 5 a second, p50', value: Math.round(percentile(lags, 0.5)), unit: 'ms' },
      { name: 'push to order, p95', value: Math.round(percentile(lags, 0.95)), unit: 'ms', goal: 2000 },
      { name: `webhooks accepted, ${CALLERS} callers, the queue full`, value: Math.round(answers.length / took), unit: '/s', goal: 500, atLeast: true },
      { name: 'their answer p50', value: rounded(percentile(answers, 0.5)), unit: 'ms' },
      { name: 'their answer p99', value: rounded(percentile(answers, 0.99)), unit: 'ms', goal: 50 },
      { name: `accepted and not stored, or stored twice (${sent} sent, ${doubled} twice)`, value: Math.abs(sent - stored), unit: '', goal: 0 },
      { name: `worked off a second afterwards${left > 0 ? `, ${left} left when the time was up` : ''}`, value: rounded((waiting - left) / ((performance.now() - since) / 1000)), unit: '/s' },
      ...day,
    ];
  } finally {
    close();
    await house.stop();
    await world.sandbox.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function until(isSo, what, ms = 120_000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(250)) if (await isSo()) return;
  throw new Error(`${what}: not within ${ms / 1000} s`);
}
