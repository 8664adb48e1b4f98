import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { checkBooks, paidOrder, storyDone } from '../journeys/channel-order-to-ledger/story.js';

/** The doors in one process and the work in another, as `npm start` runs them. */
const APART = { WORKERS: '1' };

let house: Product;
beforeAll(async () => { house = await (await freshProduct()).start(APART); }, 300_000);
afterAll(async () => {
  await house.stop();
  await remove(house);
});

/** Sends a webhook as a platform does: again, under the same id, until it is answered. */
async function sent(product: Product, body: Json): Promise<void> {
  await eventually(async () => expect((await product.webhook(body, { webhookId: `work-${body.id}` })).status).toBe(200));
}

const workerOf = async (product: Product): Promise<number> => (await product.part('work')).pid;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the process that works', () => {
  it('brings an order from webhook to ledger, and the doors tell of it live', async () => {
    const live = await house.live();
    await live.follow('orders', 'subscription { ordersChanged { orderNumber status } }');
    const { body } = paidOrder();
    await sent(house, body);
    await storyDone(house, body, 60_000);
    await eventually(() => expect(live.seen['orders']).toContainEqual({ orderNumber: body.name, status: 'TO_SHIP' }));
    await checkBooks(house);
  }, 120_000);

  it('lets those at the doors have the processor first', async () => {
    expect(getPriority(await workerOf(house))).toBeGreaterThan(getPriority((await house.part('doors')).pid));
  });

  it('is started again when it is killed, and leaves nothing undone', async () => {
    const killed = await workerOf(house);
    const orders = [paidOrder(), paidOrder(), paidOrder()];
    await sent(house, orders[0]!.body);
    process.kill(killed, 'SIGKILL');
    // The doors do not wait for it.
    for (const { body } of orders.slice(1)) expect((await house.webhook(body, { webhookId: `work-${body.id}` })).status).toBe(200);
    for (const { body } of orders) await storyDone(house, body, 90_000);
    await eventually(async () => expect(await workerOf(house)).not.toBe(killed));
    await checkBooks(house);
  }, 240_000);

  it('ends with the process that has the doors, however that ended, and the next start goes on', async () => {
    const { body } = paidOrder();
    await sent(house, body);
    const left = await workerOf(house);
    await house.kill();
    await eventually(() => expect(isAlive(left)).toBe(false));
    await house.start(APART);
    await storyDone(house, body, 90_000);
    await checkBooks(house);
    const last = await workerOf(house);
    await house.stop();
    expect(await house.exited).toBe(0);
    expect(isAlive(last)).toBe(false);
    await house.start(APART);
  }, 300_000);
});

// One for each room that takes something in on the way, and one at the door.
const POINTS = [
  'bridge.finish-delivery:committed#1', 'orders.on(bridge.order-received.v1):committed#1', 'inventory.events:answering#1', 'orders.on(inventory.stock-reserved.v1):committed#1',
  'members.on(orders.order-confirmed.v1):committed#1', 'finance.events:answering#1', 'bridge.webhook:answering#1',
];

describe('a kill at a point, with the work apart', () => {
  it.each(POINTS)('%s: the order is through once', async (at) => {
    const product = await freshProduct();
    try {
      const trace = join(product.dataDir, '..', `trace-${encodeURIComponent(at)}`);
      await product.start({ ...APART, QUANYU_KILL_AT: at, QUANYU_KILL_TRACE: trace });
      const first = await workerOf(product);
      const { body } = paidOrder();
      const answered = product.webhook(body, { webhookId: 'one' }).catch(() => undefined);
      const diesAtDoor = at.startsWith('bridge.webhook');
      await answered;
      if (diesAtDoor) {
        expect(await product.untilGone(60_000)).toBe(true);
        await product.start(APART);
        expect((await product.webhook(body, { webhookId: 'one' })).status).toBe(200);
      } else await eventually(async () => expect(await workerOf(product)).not.toBe(first));
      await storyDone(product, body, 90_000);
      await checkBooks(product);
      expect((await readFile(trace, 'utf8')).split('\n')).toContain(at);
    } finally {
      await product.stop();
      await remove(product);
    }
  }, 300_000);
});
