import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { postWebhook, STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { newId } from '@quanyu/ids';
import { connectChannel, openTestSubgraph, staffOf, TEST_TENANT, type ConnectedChannel, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { leftChannels } from '../../queries/left-channels.js';
import { bridge } from '../../subgraph.js';
import { processWaiting } from '../deliveries/process-delivery.js';
import { readListing } from '../sync/read-listing.js';
import { cleanLeftChannel } from './leave-channel.js';
import { openShop } from './open-shop.js';

// The steps of docs/operate.md, run as they are written there.

const SECRET = 'FAKE_SECRET_of_the_shop';
const PAGE = readFileSync(new URL('../../../../../docs/operate.md', import.meta.url), 'utf8');
const SECTION = /\n## Leaving a platform\n(.*?)\n## /s.exec(PAGE)![1]!;
const STEPS = new Map([...SECTION.matchAll(/```graphql\n(.*?)```/gs)].map(([, text]) => [/(?:mutation|query) (\w+)/.exec(text!)![1]!, text!]));

let subgraph: TestSubgraph;
let door: string;
let sandbox: Sandbox;
let shops: Shops;
let stage: Stage;
let shop: ConnectedChannel;
beforeAll(async () => {
  subgraph = await openTestSubgraph(bridge);
  door = await subgraph.listen();
});
afterAll(() => subgraph.close());
beforeEach(async () => {
  stage = STAGES['SHOPIFY']!();
  stage.fill!(7, 5);
  sandbox = await startSandbox([stage.platform]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  await sql('update channel_connection set shop_domain = null');
  shop = await connectChannel(subgraph, { platform: 'SHOPIFY', shopDomain: stage.shopDomain!, webhookSecret: SECRET, idempotencyKey: newId('req') }, stage);
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const sql = (text: string, ...params: unknown[]): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(text, params));
const ref = () => ({ tenantId: TEST_TENANT, connectionId: shop.id });
const step = async (name: string, variables: object = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> => {
  const { data, errors } = await subgraph.ask(STEPS.get(name)!, variables as Record<string, unknown>, viewer);
  return errors.length > 0 ? errors.map(({ code }) => code) : data;
};
const send = async (id: number): Promise<number> => (await postWebhook({ platform: 'shopify', url: door + shop.path, secret: SECRET, topic: 'products/update', shopDomain: stage.shopDomain!, body: JSON.stringify({ id, title: 'Cup', status: 'active', updated_at: new Date().toISOString(), variants: [] }) })).status;
const work = (): Promise<void> => processWaiting(subgraph.deps, { ...ref(), deliveryId: newId('dlv') }, shops);
const listed = async (): Promise<Json> => {
  for (const kind of ['GOODS', 'CUSTOMERS'] as const) {
    await sql("update sync_stream set next_at = app_now() where connection_id = ? and stream = ?", shop.id, kind);
    await readListing(subgraph.deps, shops, ref(), kind);
  }
};
const gone = async (): Promise<Json> => (await subgraph.rows<Json>(TEST_TENANT,
  `select count(*) filter (where type like '%product%')::int as goods, count(*) filter (where type like '%customer%')::int as customers from outbox where data->>'connectionId' = ? and data->>'removed' = 'true'`, [shop.id]))[0];

describe('a channel that is left for good', () => {
  it('is left by the steps of the guide: off, another ships, keys forgotten, mirrors gone; orders stay', async () => {
    expect([...STEPS.keys()]).toEqual(['Off', 'Look', 'ShipElsewhere', 'Leave', 'Clean']);
    const shipStation = STAGES['SHIPSTATION']!();
    const shipper = await connectChannel(subgraph, { platform: 'SHIPSTATION', shopDomain: '71001', webhookSecret: SECRET, idempotencyKey: newId('req') }, { ...shipStation, settings: { ...shipStation.settings, takes: 'NONE' } });
    await listed();
    expect(await send(900)).toBe(200);
    await work();
    expect(await send(901)).toBe(200);

    expect(await step('Off', { channel: shop.id })).toEqual({ disableChannel: { channel: { status: 'DISABLED' }, userErrors: [] } });
    expect(await send(902)).toBe(404);
    const { channels } = await step('Look');
    expect(channels.nodes.find(({ id }: Json) => id === shop.id).health.status).toBe('OFF');
    expect(channels.nodes.find(({ id }: Json) => id === shipper.id).health.status).toBe('OK');
    expect(await step('ShipElsewhere', { shipper: shipper.id })).toEqual({ setChannelAccount: { userErrors: [] } });
    expect(await subgraph.rows(TEST_TENANT, "select settings->>'takes' as takes from channel_connection where id = ?", [shipper.id])).toEqual([{ takes: 'ALL' }]);

    expect(await step('Leave', { channel: shop.id })).toEqual({ leaveChannel: { channel: { status: 'DISABLED', leftAt: expect.anything() }, userErrors: [] } });
    await step('Leave', { channel: shop.id });
    expect((await subgraph.recorded('bridge.channel-left.v1')).map(({ data }) => data)).toEqual([{ connectionId: shop.id, platform: 'SHOPIFY', name: 'SHOPIFY', actorId: 'stf_test', reason: 'It costs more than it brings' }]);
    // Nothing opens the shop any more, though it is there.
    const [row] = await subgraph.rows<Json>(TEST_TENANT, 'select c::text as text, sealed_account, sealed_secrets, settings, flows from channel_connection c where id = ?', [shop.id]);
    expect(row).toMatchObject({ sealed_account: null, sealed_secrets: [], settings: {}, flows: [] });
    expect(row.text).not.toContain('s1.');
    expect(await openShop(subgraph.deps, shops, ref())).toBeNull();

    // What it told before is worked on, and goes as well.
    expect(await leftChannels(subgraph.deps.database)).toContainEqual(ref());
    await cleanLeftChannel(subgraph.deps, ref());
    expect((await step('Clean', { channel: shop.id })).channel).toMatchObject({ leftAt: expect.anything(), cleanedAt: null });
    await work();
    await Promise.all([cleanLeftChannel(subgraph.deps, ref()), cleanLeftChannel(subgraph.deps, ref())]);
    expect((await step('Clean', { channel: shop.id })).channel.cleanedAt).not.toBeNull();
    expect(await leftChannels(subgraph.deps.database)).not.toContainEqual(ref());
    expect(await gone()).toEqual({ goods: 9, customers: 5 });
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from delivery where connection_id = ? and sealed_body is not null', [shop.id])).toEqual([]);
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from channel_goods where connection_id = ?', [shop.id])).toEqual([]);

    // Who comes back has new keys, and is a channel as any other.
    const fields = Object.entries({ ...stage.settings, ...stage.secrets }).map(([name, value]) => ({ name, value }));
    await subgraph.ask('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }', { input: { channelId: shop.id, fields } });
    await subgraph.ask('mutation($id: ID!) { enableChannel(input: { channelId: $id }) { userErrors { code } } }', { id: shop.id });
    expect((await step('Clean', { channel: shop.id })).channel).toMatchObject({ leftAt: null, cleanedAt: null });
    expect(await openShop(subgraph.deps, shops, ref())).not.toBeNull();
  });

  it('is left by who may change channels, with a reason, and by no other tenant', async () => {
    expect(await step('Leave', { channel: shop.id }, staffOf(TEST_TENANT, { scopes: ['channels:read'] }))).toEqual(['FORBIDDEN']);
    expect(await step('Leave', { channel: shop.id }, staffOf('ten_00000000000000000000000002'))).toMatchObject({ leaveChannel: { userErrors: [{ code: 'CHANNEL_NOT_FOUND' }] } });
    for (const reason of [' ', 'x'.repeat(201)]) {
      const { data } = await subgraph.ask('mutation($input: LeaveChannelInput!) { leaveChannel(input: $input) { userErrors { code field } } }', { input: { channelId: shop.id, reason } });
      expect(data!['leaveChannel'].userErrors).toEqual([{ code: 'REASON_INVALID', field: ['reason'] }]);
    }
    expect((await step('Clean', { channel: shop.id })).channel.leftAt).toBeNull();
  });
});
