// How many orders come in, how fast a desk shows them and prints their labels, and how many buyers can buy one thing: the whole house in one process, through its doors.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '@quanyu/channel-sandbox';
import { paidOrder, post, stockUp } from './golden-story.mjs';
import { startHouse } from './house.mjs';
import { buyers, isExact, openShop } from './orders/buyers.mjs';
import { carriers, openPrinting, printAgain, printOrders } from './orders/labels.mjs';
import { fillOrders, readPages } from './orders/order-list.mjs';
import { percentile } from './percentile.mjs';
import { processorTime } from './processor-time.mjs';

const rounded = (value, digits = 1) => Number(value.toFixed(digits));
const IN_FLIGHT = 16;
const PATIENCE_MS = 300_000;

/** Processor time that something costs each of its orders, of the house and of PostgreSQL: a busy machine makes all slower, but not this. */
async function costOf(house, work) {
  const sum = () => Object.values(processorTime(house)).reduce((total, ms) => total + ms, 0);
  const before = sum();
  const result = await work();
  return { ...result, cpuMs: (sum() - before) / result.orders };
}

const confirmedOf = async ({ sql }) => (await sql("select count(*)::int as count from orders.sales_order where source = 'CHANNEL' and confirmed_at is not null"))[0].count;

/** As many webhooks as are taken at once, until the last order is confirmed: paid, and its stock held. */
async function takeIn(house, count) {
  const before = await confirmedOf(house);
  const answers = [];
  let sent = 0;
  const since = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
    while (sent < count) {
      sent += 1;
      const { status, ms } = await post(house, paidOrder());
      if (status !== 200) throw new Error(`The webhook answered ${status}`);
      answers.push(ms);
    }
  }));
  const taken = (performance.now() - since) / 1000;
  for (const end = performance.now() + PATIENCE_MS; (await confirmedOf(house)) < before + count; await sleep(50)) {
    if (performance.now() > end) throw new Error('Not all orders were confirmed');
  }
  return { orders: count, perSecond: count / ((performance.now() - since) / 1000), takenPerSecond: count / taken, answerP99: percentile(answers, 0.99) };
}

export async function bench({ quick, say }) {
  const folder = mkdtempSync(join(tmpdir(), 'quanyu-bench-'));
  chmodSync(folder, 0o755);
  const stage = carriers();
  const sandbox = await startSandbox([stage.platform]);
  const house = await startHouse('standalone', folder, { env: { CHANNELS_VIA: sandbox.url } });
  const figures = [];
  const add = (name, value, unit, goal, atLeast) => figures.push({ name, value, unit, ...(goal !== undefined && { goal, atLeast: atLeast === true }) });
  try {
    await stockUp(house);
    const [{ tenantId }] = await house.sql('select tenant_id as "tenantId" from bridge.channel_connection limit 1');

    say('orders from webhook to confirmed');
    await takeIn(house, quick ? 60 : 200);
    const flow = await costOf(house, () => takeIn(house, quick ? 300 : 2_000));
    add('webhook to confirmed, sustained', rounded(flow.perSecond), '/s', 100, true);
    add('  processor time an order, consumers and ledger included', rounded(flow.cpuMs), 'ms');
    add('webhooks taken meanwhile', rounded(flow.takenPerSecond), '/s');
    add('webhook answer p99 while saturated', rounded(flow.answerP99), 'ms', 50);

    for (const count of [1, 16, 64]) {
      say(`${count} buyers of one thing`);
      const shop = await openShop(house, 1_000_000);
      // As many as then are measured, so that what is sold to is warm.
      await buyers(house, shop, { count, seconds: quick ? 2 : 5 });
      const [before] = await house.sql("select count(*)::int as orders from orders.sales_order o join orders.order_line l on l.order_id = o.id where l.sku_id = $1 and o.status = 'TO_SHIP'", [shop.skuId]);
      const result = await costOf(house, () => buyers(house, shop, { count, seconds: quick ? 4 : 10 }));
      if (!(await isExact(house, shop, before.orders + result.orders))) throw new Error(`${count} buyers: what was sold is not what stock has given`);
      add(`${count} buyers of one SKU: placed and paid`, rounded(result.perSecond), '/s', ...(count === 64 ? [200, true] : []));
      add(`${count} buyers: place to paid p50 / p99`, `${rounded(result.p50)} / ${rounded(result.p99)}`, 'ms');
      add('  processor time an order', rounded(result.cpuMs), 'ms');
    }

    say('a stock of 50, 64 buyers');
    const rare = await openShop(house, 50);
    const soldOut = await buyers(house, rare, { count: 64, seconds: 30 });
    add('stock of 50, 64 buyers: sold', soldOut.orders, '', 50, true);
    add('  exact, every refusal STOCK_SHORT', (await isExact(house, rare, 50)) && [...soldOut.refusals.keys()].join() === 'STOCK_SHORT' ? 1 : 0, '', 1, true);

    const labels = quick ? 200 : 500;
    say(`${labels} labels with barcode, logo and slogan`);
    const printing = await openPrinting(house, stage, labels);
    const { perMinute, waybillIds } = await printOrders(house, printing);
    add('labels: from order to printed, number of the carrier included', rounded(perMinute, 0), '/min', 500, true);
    add('labels: drawn, handed out and reported, PDF', rounded(await printAgain(house, printing, waybillIds, 'PDF'), 0), '/min', 500, true);
    add('labels: the same as ZPL', rounded(await printAgain(house, printing, waybillIds, 'ZPL'), 0), '/min', 500, true);

    const count = quick ? 50_000 : 1_000_000;
    say(`a desk of ${count} orders`);
    await fillOrders(house, { tenantId, count });
    const list = await readPages(house, quick ? 10 : 30);
    add(`50 of ${count} orders with everything, p50`, rounded(list.p50), 'ms');
    add(`50 of ${count} orders with everything, p99`, rounded(list.p99), 'ms', 150);
    add(`  slowest filter ${list.slowest}, p50`, rounded(list.slowestP50), 'ms');
    return figures;
  } finally {
    await house.stop();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
