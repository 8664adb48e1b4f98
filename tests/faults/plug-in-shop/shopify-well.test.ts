import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.js';
import { houseWith, paidOrder, SECRET, type House } from './house.js';

let house: House;
beforeAll(async () => { house = await houseWith('NONE'); }, 180_000);
afterAll(() => house.end());

/** The documents' word: what is ours is there within half a minute. */
const SOON_MS = 30_000;

describe('a plug-in shop that is well', () => {
  it('shows all products, has a paid order within half a minute, and what it sends is sent here too', async () => {
    const { product, stage, channelId } = house;
    await eventually(() => expect(stage.products!().length).toBeGreaterThan(2), SOON_MS);
    const orderId = await paidOrder(product);
    await eventually(() => expect(stage.pushed!().map(({ sourceId }) => sourceId)).toEqual([orderId]), SOON_MS);
    const { id } = stage.pushed!()[0]!;
    const path = (await product.get('query($id: ID!) { channel(id: $id) { webhookUrlPath } }', { id: channelId })).channel.webhookUrlPath as string;
    const tell = (topic: string, body: object) => product.webhook(body, { url: `${product.url}${path}`, secret: SECRET, shopDomain: stage.shopDomain!, topic });
    expect((await tell('orders/create', stage.webhookOf!(id))).status).toBe(200);
    expect((await tell('orders/fulfilled', stage.pack!(id, 'SF0000000000042'))).status).toBe(200);
    await eventually(async () => {
      const { order } = await product.get('query($id: ID!) { order(id: $id) { status parcels { carrier trackingNumber } } }', { id: orderId });
      expect(order).toEqual({ status: 'SHIPPED', parcels: [{ carrier: 'SF', trackingNumber: 'SF0000000000042' }] });
    });
    await eventually(async () => expect(await product.sql("select 1 from bridge.delivery where connection_id = $1 and state <> 'IGNORED'", [channelId])).toEqual([]));
    const { channel } = await product.get('query($id: ID!) { channel(id: $id) { orders { nodes { id } } copies { ordersGiven p95Seconds } health { status } } }', { id: channelId });
    expect(channel).toMatchObject({ orders: { nodes: [] }, copies: { ordersGiven: 1 } });
    expect(channel.copies.p95Seconds).toBeLessThan(SOON_MS / 1000);
  }, 120_000);
});
