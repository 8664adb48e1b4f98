// A day of a shop, as fast as it can be told: most of it by webhooks, some twice, some late, and an hour in which the platform is down.
import { setTimeout as sleep } from 'node:timers/promises';
import { ShopifyShop, shopifyOrder, shopifySandbox, startSandbox } from '@quanyu/channel-sandbox';

const TOKEN = 'shpat_FAKE_token';
const FIRST = 7_000_000_000_000;
/** Of those that come: told again under the same id, and told after a newer state of the same order. */
const TWICE = 20;
const LATE = 50;
const HOUR = 24;
const PROGRESS_MS = 15_000;

const bodyOf = (n, at, over = {}) => shopifyOrder({
  id: FIRST + n, name: `#D${n}`, createdAt: at, updatedAt: at, financialStatus: 'paid', currency: 'CNY',
  lines: [{ sku: 'QY-TEA-250', variantId: 41000000000021, productId: 83, title: 'House tea', quantity: 1, price: '88.00' }], ...over,
});

/** The outside world with one shop in it: start it before the house, which is to reach it by CHANNELS_VIA. */
export async function startShop(shopDomain) {
  const shop = new ShopifyShop(shopDomain, TOKEN);
  // A day's budget of calls in minutes: the clock of the shop's own limit runs ahead.
  let clock = Date.now();
  const sandbox = await startSandbox([shopifySandbox([shop], () => { clock += 10_000; return clock; })]);
  return { shop, sandbox };
}

/** Gives what came of it: minutes, what was lost, what was done twice. */
export async function shopDay({ house, world: { shop, sandbox }, post, callers, orders, say }) {
  const ask = async (query, variables) => {
    const { data, errors } = await (await fetch(`${house.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${house.token}` }, body: JSON.stringify({ query, variables }) })).json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const count = async (text) => Number((await house.sql(text))[0].count);
  const ours = "external_order_id like '70000%'";
  const confirmedNow = () => count(`select count(*) from orders.sales_order where status = 'TO_SHIP' and ${ours}`);
  const channelId = new URL(house.demo.webhookUrl).pathname.split('/').at(-1);
  const { skus: [{ id: skuId }] } = await ask('{ skus(codes: ["QY-TEA-250"]) { id } }');
  await ask('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId, onHand: 10_000_000, idempotencyKey: `day-${Date.now()}` } });
  await ask('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }', { input: { channelId, fields: [{ name: 'accessToken', value: TOKEN }] } });

  const began = performance.now();
  const progress = setInterval(() => void confirmedNow().then((now) => say(`${next} of ${orders} told, ${now} confirmed, ${((performance.now() - began) / 60_000).toFixed(1)} minutes`)).catch(() => undefined), PROGRESS_MS);
  const [downFrom, downTo] = [Math.floor(orders / 2), Math.floor(orders / 2) + Math.ceil(orders / HOUR)];
  const late = [];
  let next = 0;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (next < orders) {
      const n = next;
      next += 1;
      const at = new Date().toISOString();
      const order = bodyOf(n, at);
      shop.put(order);
      if (n === downFrom) sandbox.fail('shopify', 'DOWN');
      if (n === downTo) sandbox.heal('shopify');
      // What happens while it is down it cannot tell, and gives up on.
      if (n >= downFrom && n < downTo) continue;
      const body = JSON.stringify(order);
      if (n % LATE === 1) {
        // Its newer state first; this one comes when all is over.
        late.push([n, body]);
        const newer = bodyOf(n, new Date(Date.now() + 1_000).toISOString(), { note: 'changed' });
        shop.put(newer);
        await post(`day-${n}-newer`, JSON.stringify(newer));
        continue;
      }
      await post(`day-${n}`, body);
      if (n % TWICE === 0) await post(`day-${n}`, body);
    }
  }));
  for (const [n, body] of late) await post(`day-${n}-late`, body);
  const told = (performance.now() - began) / 60_000;
  say(`told in ${told.toFixed(1)} minutes; until all of it is an order`);
  for (const end = Date.now() + Math.max(300_000, orders * 60); Date.now() < end; await sleep(orders > 5_000 ? 3_000 : 500)) {
    // The next reading is planned minutes away: a day has room for it, a bench has not.
    await house.sql("update bridge.sync_stream set next_at = now() where stream = 'ORDERS' and next_at > now() + interval '1 second'");
    if (await confirmedNow() >= orders
      && await count("select count(*) from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED')") === 0) break;
  }
  clearInterval(progress);
  const minutes = (performance.now() - began) / 60_000;
  const known = await count(`select count(*) from orders.sales_order where ${ours}`);
  const confirmed = await count(`select count(distinct o.id) from orders.sales_order o where o.status = 'TO_SHIP' and ${ours}`);
  const doubled = await count(`select count(*) from (select external_order_id from orders.sales_order where ${ours} group by 1 having count(*) > 1) d`)
    + await count(`select count(*) from (select e.subject from orders.outbox e join orders.sales_order o on o.id = e.subject where e.type = 'orders.order-confirmed.v1' and ${ours} group by 1 having count(*) > 1) d`);
  return [
    { name: `a day of ${orders} orders, 5 % twice, 2 % late, down for an hour`, value: Number(minutes.toFixed(2)), unit: 'min' },
    { name: 'its orders a second, to the end', value: Number((orders / (minutes * 60)).toFixed(1)), unit: '/s' },
    { name: 'orders lost', value: orders - confirmed, unit: '', goal: 0 },
    { name: 'orders or confirmations doubled', value: doubled + Math.max(0, known - orders), unit: '', goal: 0 },
  ];
}
