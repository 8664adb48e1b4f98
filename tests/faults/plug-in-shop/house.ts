import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Fault, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import type { Json } from '../../harness/credentials.js';
import { eventually } from '../../harness/eventually.js';
import { shareProduct, type Product } from '../../harness/product.js';

/** What the plug-in shop signs with. */
export const SECRET = 'FAKE_SECRET_of_the_plug_in';

/** A house whose plug-in shop at Shopify misbehaves, while the journeys of a test file are told to it. */
export interface House { readonly product: Product; readonly stage: Stage; readonly sandbox: Sandbox; readonly channelId: string; end(): Promise<void> }

/** @param fault how Shopify answers; null where it is switched off by its setting, 'NONE' where all is well */
export async function houseWith(fault: Fault | 'NONE' | null): Promise<House> {
  const stage = STAGES['SHOPIFY']!('plug-in.myshopify.com');
  const sandbox = await startSandbox([stage.platform]);
  const shared = await shareProduct('standalone', { CHANNELS_VIA: sandbox.url, ...(fault === null && { SHOPIFY_INTEGRATION: 'false' }) });
  const end = async (): Promise<void> => { await shared.end(); await sandbox.close(); };
  try {
    const product = await shared.start();
    return { product, stage, sandbox, channelId: await connect(product, stage, () => { if (fault !== null && fault !== 'NONE') sandbox.fail('shopify', fault); }), end };
  } catch (error) {
    // Nothing is left running where a test file could not begin.
    await end();
    throw error;
  }
}

async function connect(product: Product, stage: Stage, misbehave: () => void): Promise<string> {
  const ask = async (name: string, type: string, input: object): Promise<Json> =>
    (await product.get(`mutation($input: ${type}!) { ${name}(input: $input) { channel { id } userErrors { code } } }`, { input }))[name];
  const { channel } = await ask('connectChannel', 'ConnectChannelInput', { platform: 'SHOPIFY', name: 'Plug-in shop', shopDomain: stage.shopDomain, webhookSecret: SECRET, idempotencyKey: 'plug-in' });
  await ask('setChannelAccount', 'SetChannelAccountInput', { channelId: channel.id, fields: Object.entries({ ...stage.settings, ...stage.secrets }).map(([name, value]) => ({ name, value })) });
  misbehave();
  await ask('setChannelFlows', 'SetChannelFlowsInput', { channelId: channel.id, flows: ['PULL_ORDERS', 'PULL_FULFILMENT', 'PUSH_STOCK', 'PUSH_PRODUCTS', 'PUSH_ORDERS'] });
  return channel.id as string;
}

/** An order of our own that is paid; gives its id. */
export async function paidOrder(product: Product): Promise<string> {
  const deed = async (name: string, type: string, input: object): Promise<Json> => (await product.get(`mutation($input: ${type}!) { ${name}(input: $input) { order { id status amounts { total { amount currency } } } } }`, { input }))[name].order;
  const { openOwnChannel } = await product.get('mutation($input: OpenOwnChannelInput!) { openOwnChannel(input: $input) { channel { id } } }', { input: { kind: 'H5', name: 'H5', currency: 'CNY', shipping: { amount: '0', currency: 'CNY' }, idempotencyKey: randomUUID() } });
  const skuId = (await product.get('{ skus(codes: ["QY-MUG-WHT"]) { id } }')).skus[0].id;
  const shipTo = { name: '王五', phone: '13700000003', address1: '样本街 3 号', city: '上海', province: '上海', countryCode: 'CN', email: 'buyer@example.com' };
  const { id: orderId, amounts } = await deed('placeOrder', 'PlaceOrderInput', { channelId: openOwnChannel.channel.id, lines: [{ skuId, quantity: 1 }], shipTo, idempotencyKey: randomUUID() });
  expect(await deed('recordPayment', 'RecordPaymentInput', { orderId, amount: amounts.total, reference: 'till', idempotencyKey: randomUUID() })).toMatchObject({ status: 'TO_SHIP' });
  return orderId as string;
}

/** What holds of such a house after its journeys: orders were to go to the shop, and none has. */
export function tellsNothing(house: House, { asked }: { readonly asked: boolean }): void {
  afterAll(() => house.end());
  describe('the shop that was left out', () => {
    it('has been given nothing, and what it is to know waits for it', async () => {
      await paidOrder(house.product);
      await eventually(async () => {
        const { channel } = await house.product.get('query($id: ID!) { channel(id: $id) { copies { ordersGiven ordersWaiting productsGiven failingSince } } }', { id: house.channelId });
        expect(channel.copies).toMatchObject({ ordersGiven: 0, productsGiven: 0 });
        expect(channel.copies.ordersWaiting).toBeGreaterThan(0);
        expect(channel.copies.failingSince).not.toBeNull();
      });
      expect([house.stage.pushed!(), house.stage.products!()]).toEqual([[], []]);
      expect(house.sandbox.requests.length > 0).toBe(asked);
    });
  });
}
