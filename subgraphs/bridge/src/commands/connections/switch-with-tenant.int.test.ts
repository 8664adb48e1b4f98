import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { postWebhook, STAGES } from '@quanyu/channel-sandbox';
import { tenantDeleted, tenantRestored } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { connectChannel, openTestSubgraph, staffOf, TEST_TENANT, type ConnectedChannel, type TestSubgraph } from '@quanyu/testing';
import { bridge } from '../../subgraph.js';

const SECRET = 'FAKE_SECRET_of_the_shop';
const other = 'ten_00000000000000000000000002';
let subgraph: TestSubgraph;
let door: string;
let shop: ConnectedChannel;
let paused: ConnectedChannel;
beforeAll(async () => {
  subgraph = await openTestSubgraph(bridge);
  door = await subgraph.listen();
  const stage = STAGES['SHOPIFY']!();
  const connect = (shopDomain: string) => connectChannel(subgraph, { platform: 'SHOPIFY', shopDomain, webhookSecret: SECRET, idempotencyKey: newId('req') }, stage);
  [shop, paused] = [await connect('tea.myshopify.com'), await connect('cups.myshopify.com')];
  await subgraph.ask('mutation($id: ID!) { disableChannel(input: { channelId: $id }) { userErrors { code } } }', { id: paused.id });
});
afterAll(() => subgraph.close());

const draft = (make: typeof tenantDeleted | typeof tenantRestored, sequence: number, tenantId = TEST_TENANT) => make({ tenantId, sequence, data: { tenantId } });
const send = async ({ path }: ConnectedChannel): Promise<number> => (await postWebhook({ platform: 'shopify', url: door + path, secret: SECRET, topic: 'orders/create', shopDomain: 'tea.myshopify.com', body: JSON.stringify({ id: 1, at: newId('req') }) })).status;
const statuses = async (): Promise<string[]> => (await subgraph.rows<{ status: string }>(TEST_TENANT, 'select status from channel_connection where id = any(array[?, ?]) order by id', [shop.id, paused.id])).map(({ status }) => status);

it('channels of a tenant go off when it is deleted and those alone come on with it, whatever comes twice, late or for another', async () => {
  expect(await send(shop)).toBe(200);
  const deleted = await subgraph.deliver(draft(tenantDeleted, 5));
  expect([await statuses(), await send(shop)]).toEqual([['DISABLED', 'DISABLED'], 404]);
  const restored = await subgraph.deliver(draft(tenantRestored, 6));
  expect([await statuses(), await send(shop)]).toEqual([['ACTIVE', 'DISABLED'], 200]);
  await subgraph.redeliver(deleted, restored);
  await subgraph.deliver(draft(tenantDeleted, 4));
  await subgraph.deliver(draft(tenantDeleted, 9, other));
  expect(await statuses()).toEqual(['ACTIVE', 'DISABLED']);
  const told = (await subgraph.recorded('bridge.channel-switched.v1')).filter(({ data }) => data.connectionId === shop.id);
  expect(told.map(({ data }) => data.status)).toEqual(['DISABLED', 'ACTIVE']);
  // What was kept before stays kept.
  expect(await subgraph.rows(TEST_TENANT, 'select 1 from delivery where connection_id = ?', [shop.id])).toHaveLength(2);
});

it('a channel that was left meanwhile stays left', async () => {
  await subgraph.deliver(draft(tenantDeleted, 7));
  await subgraph.ask('mutation($id: ID!) { leaveChannel(input: { channelId: $id, reason: "gone" }) { userErrors { code } } }', { id: shop.id }, staffOf(TEST_TENANT));
  await subgraph.deliver(draft(tenantRestored, 8));
  expect(await statuses()).toEqual(['DISABLED', 'DISABLED']);
});
