import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postWebhook, STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';

// A shop that is connected is read as a whole, which is seen in the terminal and live in the graph, and survives a kill.

const SECRET = 'FAKE_SECRET_for_tests_1';
const [GOODS, CUSTOMERS] = [200, 60];
const MAIN = new URL('../../packages/standalone/dist/sync-channel/main.js', import.meta.url).pathname;
const env = (): Record<string, string> => ({ CHANNELS_VIA: sandbox.url, PUBLIC_URL: 'https://shop.example.com' });

let product: Product;
let sandbox: Sandbox;
let stage: Stage;
let channelId: string;
beforeAll(async () => {
  stage = STAGES['SHOPLAZZA']!();
  stage.fill!(GOODS, CUSTOMERS);
  sandbox = await startSandbox([stage.platform]);
  product = await (await freshProduct()).start(env());
}, 180_000);
afterAll(async () => {
  await product.stop();
  await sandbox.close();
  await remove(product);
});

const deed = async (name: string, type: string, input: object, fields: string): Promise<Json> => (await product.get(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code } } }`, { input }))[name];
/** `npm run sync -- CHANNEL`, without the building; `seen` is asked after each line. */
async function sync(args: readonly string[] = [], seen: (lines: string) => void = () => undefined): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [MAIN, channelId, '--url', product.url, '--data', product.dataDir, ...args], { env: { PATH: process.env['PATH'] ?? '' } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); seen(out); });
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  return { code: await new Promise((resolve) => child.once('exit', resolve)), out, err };
}
const pages = (what: string): string[] => sandbox.requests.filter(({ path }) => path.endsWith(`/${what}`)).map(({ query }) => query.get('page') ?? '');
const LISTED = 'query($id: ID!) { channel(id: $id) { listedProducts(first: 1) { totalCount } unmapped: listedVariants(unmapped: true) { totalCount } customers(first: 1) { totalCount nodes { maskedPhone } } webhookTopics } }';
const listed = async (): Promise<Json> => (await product.get(LISTED, { id: channelId })).channel;

describe('a shop that has just been connected', () => {
  it('is read from goods to the index of them, on behind the last page after a kill, and the terminal shows it', async () => {
    await deed('createProduct', 'CreateProductInput', { title: 'Cup', kind: 'PHYSICAL', skus: [{ code: 'SL-199' }], idempotencyKey: randomUUID() }, 'product { id }');
    const { channel } = await deed('connectChannel', 'ConnectChannelInput', { platform: 'SHOPLAZZA', name: 'Shop', shopDomain: stage.shopDomain, webhookSecret: SECRET, idempotencyKey: randomUUID() }, 'channel { id }');
    channelId = channel.id as string;
    sandbox.fail('shoplazza', { slowMs: 600 });
    await deed('setChannelAccount', 'SetChannelAccountInput', { channelId, fields: Object.entries({ ...stage.settings, ...stage.secrets }).map(([name, value]) => ({ name, value })) }, 'channel { id }');
    let killed: Promise<void> | undefined;
    const first = await sync([], (lines) => { if (/products +running +[1-9]/.test(lines)) killed ??= product.kill(); });
    await killed;
    expect([first.code, first.err]).toEqual([1, expect.stringContaining('Nobody answers')]);
    expect(pages('products').length).toBeLessThan(GOODS / 50);
    sandbox.heal('shoplazza');

    await product.start(env());
    const live = await product.live();
    await live.follow('channels', 'subscription { channelActive { id firstSync { steps { step state count } } } }');
    // Whoever held the stream when they were killed holds it for two minutes.
    await product.sql("update bridge.sync_stream set leased_until = now() where lease is not null and leased_until > now()");
    await product.sql("update bridge.first_sync set leased_until = now(), next_at = now() where lease is not null");
    const second = await sync();
    expect([second.code, second.err]).toEqual([0, '']);
    expect(second.out).toMatch(/products +done +200[\s\S]*customers +done +60[\s\S]*orders +done +0[\s\S]*webhooks +done +\d+[\s\S]*index +done +1\n/);
    // The page that was asked for when it was killed is asked for once more; none before it is.
    const asked = pages('products');
    expect([new Set(asked).size, asked.length <= 5 + 1]).toEqual([5, true]);
    await eventually(async () => expect(await listed()).toMatchObject({ listedProducts: { totalCount: GOODS }, unmapped: { totalCount: GOODS - 1 }, customers: { totalCount: CUSTOMERS, nodes: [{ maskedPhone: expect.stringMatching(/^138\*{4}\d{4}$/) }] } }), 60_000);
    expect((await listed()).webhookTopics).toEqual(expect.arrayContaining(['products/delete', 'customers/update', 'orders/create']));
    await eventually(() => expect(live.seen['channels']!.filter(({ id }) => id === channelId).at(-1)!.firstSync.steps.map(({ step, state }: Json) => `${step} ${state}`)).toEqual(['PRODUCTS DONE', 'CUSTOMERS DONE', 'ORDERS DONE', 'WEBHOOKS DONE', 'INDEX DONE']), 30_000);
  }, 300_000);

  it('has its goods and customers followed by its webhooks from then on', async () => {
    const { channel } = await product.get('query($id: ID!) { channel(id: $id) { webhookUrlPath listedProducts(first: 1, query: "SL-199") { nodes { title } } } }', { id: channelId });
    expect(channel.listedProducts.nodes).toEqual([{ title: 'Goods 199' }]);
    const tell = (topic: string, body: object) => postWebhook({ platform: 'shoplazza', url: `${product.url}${channel.webhookUrlPath}`, secret: SECRET, shopDomain: stage.shopDomain!, topic, body: JSON.stringify(body) });
    await tell('products/update', { id: 'p199', title: '<b>Mug</b>', updated_at: '2026-04-01T00:00:00Z', variants: [{ id: 'v199', sku: 'SL-199', price: '1.00' }] });
    await tell('customers/delete', { id: 'c3' });
    await tell('products/delete', { id: 'p8' });
    await eventually(async () => {
      const found = await product.get('query($id: ID!) { channel(id: $id) { listedProducts(first: 1, query: "SL-199") { nodes { title variants { price { amount currency } mapping sku { code } } } } } }', { id: channelId });
      expect(found.channel.listedProducts.nodes).toEqual([{ title: '<b>Mug</b>', variants: [{ price: { amount: '1.00', currency: 'CNY' }, mapping: 'BY_CODE', sku: { code: 'SL-199' } }] }]);
      expect(await listed()).toMatchObject({ listedProducts: { totalCount: GOODS - 1 }, customers: { totalCount: CUSTOMERS - 1 } });
    }, 60_000);
  }, 120_000);

  it('is read as a whole once more when somebody says so, which tells nothing twice', async () => {
    const before = await product.sql<{ told: number }>("select count(*)::int as told from bridge.outbox where type = 'bridge.channel-product-told.v1'");
    const { code, out } = await sync(['--again']);
    expect(code).toBe(0);
    expect(out).toMatch(/products +done +200/);
    // The webhook's goods are news again: the shop's list still says what it said. All else is known.
    const [{ told }] = await product.sql<{ told: number }>("select count(*)::int as told from bridge.outbox where type = 'bridge.channel-product-told.v1'") as [{ told: number }];
    expect(told - before[0]!.told).toBeLessThanOrEqual(1);
  }, 120_000);

  it('is not found under an id that is none, nor without a token, and says how it is asked', async () => {
    const right = channelId;
    channelId = 'con_01h45ytscbebyvny4gc8cr8ma2';
    expect(await sync()).toMatchObject({ code: 1, err: expect.stringContaining('channel') });
    channelId = '--help';
    expect(await sync()).toMatchObject({ code: 1, err: expect.stringContaining('npm run sync -- CHANNEL') });
    channelId = right;
  }, 60_000);
});
