import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../harness/credentials.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder, storyDone } from './channel-order-to-ledger/story.js';

let product: Product;
beforeAll(async () => { product = await (await freshProduct()).start({ LOG_LEVEL: 'info' }); }, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const lines = (): Promise<Json[]> => product.logLines();

describe('the log', () => {
  it('has one line of one shape for each step of an order, with order, channel and step', async () => {
    const { body } = paidOrder();
    await product.webhook(body);
    const order = await storyDone(product, body);
    const all = await lines();
    const placed = all.find((line) => line.orderId === order.id);
    const received = all.find((line) => line.eventType === 'bridge.order-received.v1' && line.correlationId === placed.correlationId);
    expect(received).toMatchObject({ channel: 'shopify', step: 'bridge/told', connectionId: order.channel.id, deliveryId: expect.stringMatching(/^dlv_/) });
    const steps = all.filter((line) => line.orderId === order.id).map((line) => [line.step, line.eventType]);
    for (const step of [
      ['orders/told', 'orders.order-placed.v1'], ['inventory/told', 'inventory.stock-reserved.v1'], ['orders/told', 'orders.order-confirmed.v1'],
      ['members/told', 'members.points-earned.v1'], ['finance/told', 'finance.journal-entry-posted.v1'],
    ]) expect(steps).toContainEqual(step);
    // One thread through all of it, from the delivery on.
    const ofOrder = all.filter((line) => line.orderId === order.id);
    expect(new Set(ofOrder.map((line) => line.correlationId)).size).toBe(1);
  });

  it('names the code of what went wrong', async () => {
    await product.webhook(paidOrder().body, { badSignature: true });
    expect((await lines()).find((line) => line.step === 'verify')).toMatchObject({ level: 'warn', channel: 'shopify', errorCode: expect.stringMatching(/^[A-Z_]+$/) });
  });
});
