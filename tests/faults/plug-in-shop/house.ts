import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Fault, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import type { Json } from '../../harness/credentials.js';
import { eventually } from '../../harness/eventually.js';
import { shareProduct, type Product } from '../../harness/product.js';

/** What the plug-in shops sign with. */
export const SECRET = 'FAKE_SECRET_of_the_plug_in';

/** A plug-in shop at Shopify, and how it is known here. */
interface PlugIn { readonly stage: Stage; readonly channelId: string }
/** A house whose plug-in shops misbehave, while the journeys of a test file are told to it. */
export interface House extends PlugIn { readonly product: Product; readonly sandbox: Sandbox; readonly shops: readonly PlugIn[]; end(): Promise<void> }

/** @param faults how each shop answers; null where Shopify is switched off by its setting, 'NONE' where all is well */
export async function houseWith(...faults: readonly (Fault | 'NONE' | null)[]): Promise<House> {
  const stages = faults.map((_fault, at) => alone(STAGES['SHOPIFY']!(`plug-in-${at}.myshopify.com`), at));
  const sandbox = await startSandbox(stages.map(({ platform }) => platform));
  const shared = await shareProduct('standalone', { CHANNELS_VIA: sandbox.url, ...(faults.includes(null) && { SHOPIFY_INTEGRATION: 'false' }) });
  const end = async (): Promise<void> => { await shared.end(); await sandbox.close(); };
  try {
    const product = await shared.start();
    const shops: PlugIn[] = [];
    for (const [at, stage] of stages.entries()) {
      const fault = faults[at]!;
      shops.push({ stage, channelId: await connect(product, stage, () => { if (fault !== null && fault !== 'NONE') sandbox.fail(stage.platform.name, fault); }) });
    }
    return { ...shops[0]!, product, sandbox, shops, end };
  } catch (error) {
    // Nothing is left running where a test file could not begin.
    await end();
    throw error;
  }
}

/** A shop that misbehaves by itself. */
const alone = (stage: Stage, at: number): Stage => ({ ...stage, platform: { ...stage.platform, name: `shopify-${at}`, owns: (host) => host === stage.shopDomain } });

async function connect(product: Product, stage: Stage, misbehave: () => void): Promise<string> {
  const ask = async (name: string, type: string, input: object): Promise<Json> =>
    (await product.get(`mutation($input: ${type}!) { ${name}(input: $input) { channel { id } userErrors { code } } }`, { input }))[name];
  const { channel } = await ask('connectChannel', 'ConnectChannelInput', { platform: 'SHOPIFY', name: 'Plug-in shop', shopDomain: stage.shopDomain, webhookSecret: SECRET, idempotencyKey: stage.platform.name });
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

/** What holds of such a house after its journeys: orders were to go to its shops, and none has. */
export function tellsNothing(house: House, { asked }: { readonly asked: boolean }): void {
  afterAll(() => house.end());
  describe('the shop that was left out', () => {
    it('has been given nothing, and what it is to know waits for it', async () => {
      await paidOrder(house.product);
      for (const { channelId, stage } of house.shops) {
        await eventually(async () => {
          const { channel } = await house.product.get('query($id: ID!) { channel(id: $id) { copies { ordersGiven ordersWaiting productsGiven failingSince } } }', { id: channelId });
          expect(channel.copies).toMatchObject({ ordersGiven: 0, productsGiven: 0 });
          expect(channel.copies.ordersWaiting).toBeGreaterThan(0);
          expect(channel.copies.failingSince).not.toBeNull();
        });
        expect([stage.pushed!(), stage.products!()]).toEqual([[], []]);
        expect(house.sandbox.requests.some(({ host }) => host === stage.shopDomain)).toBe(asked);
      }
    });
  });
}
