import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { parse, subscribe, type ExecutionResult } from 'graphql';
import { sealDelivery, storeDeliveries } from '../commands/deliveries/store-delivery.js';
import { bridge } from '../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());

const CONNECT = 'mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id platform name shopDomain status webhookUrlPath } webhookPath webhookSecret userErrors { code field } } }';
const connect = async (over: object = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> =>
  (await subgraph.ask(CONNECT, { input: { platform: 'SHOPIFY', name: 'Demo', idempotencyKey: newId('req'), ...over } }, viewer)).data?.connectChannel;
const receive = async (connectionId: string, count: number, tenantId = TEST_TENANT): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    const id = newId('dlv');
    await storeDeliveries(subgraph.deps.database, [sealDelivery(subgraph.deps, { id, tenantId, connectionId, head: { topic: 'orders/create', dedupeKey: id, triggeredAt: null }, body: Buffer.from('{}') })]);
  }
};

describe('connectChannel', () => {
  it('answers path and secret once; a replay has no secret', async () => {
    const input = { name: '  Demo  ', shopDomain: 'Quanyu-Demo.myshopify.com', idempotencyKey: 'connect-1' };
    const first = await connect(input);
    expect(first).toEqual({
      channel: { id: expect.stringMatching(/^con_/), platform: 'SHOPIFY', name: 'Demo', shopDomain: 'quanyu-demo.myshopify.com', status: 'ACTIVE', webhookUrlPath: first.webhookPath },
      webhookPath: `/webhooks/shopify/${first.channel.id}`, webhookSecret: expect.stringMatching(/^[0-9a-f]{64}$/), userErrors: [],
    });
    expect(await connect(input)).toEqual({ ...first, webhookSecret: null });
    expect((await subgraph.ask(CONNECT, { input: { platform: 'SHOPIFY', ...input, name: 'Other' } })).errors[0]?.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await subgraph.recorded('bridge.channel-connected.v1')).filter((event) => event.subject === first.channel.id))
      .toMatchObject([{ data: { platform: 'SHOPIFY', name: 'Demo' } }]);
  });

  it('takes the secret of the platform and keeps it sealed', async () => {
    const webhookSecret = 'FAKE_SECRET_of_the_platform';
    const { channel, webhookSecret: answered } = await connect({ webhookSecret });
    expect(answered).toBe(webhookSecret);
    const [row] = await subgraph.rows<{ text: string }>(TEST_TENANT, 'select c::text as text from channel_connection c where id = ?', [channel.id]);
    expect(row?.text).not.toContain(webhookSecret);
  });

  it('refuses names, shops and secrets that are none, and a shop twice, but not for another tenant', async () => {
    const refusal = async (over: object): Promise<unknown> => (await connect(over)).userErrors;
    expect(await refusal({ name: ' ' })).toEqual([{ code: 'NAME_INVALID', field: ['name'] }]);
    expect(await refusal({ name: 'x'.repeat(101) })).toMatchObject([{ code: 'NAME_INVALID' }]);
    for (const shopDomain of ['evil.com', 'a.b.myshopify.com', 'shop.myshopify.com.evil.com', '-a.myshopify.com', 'https://a.myshopify.com', '']) {
      expect(await refusal({ shopDomain })).toEqual([{ code: 'SHOP_DOMAIN_INVALID', field: ['shopDomain'] }]);
    }
    for (const webhookSecret of ['short', 'x'.repeat(256), 'with blanks in between']) expect(await refusal({ webhookSecret })).toMatchObject([{ code: 'WEBHOOK_SECRET_INVALID' }]);
    await connect({ shopDomain: 'twice.myshopify.com' });
    expect(await refusal({ shopDomain: 'TWICE.myshopify.com' })).toEqual([{ code: 'SHOP_ALREADY_CONNECTED', field: ['shopDomain'] }]);
    expect((await connect({ shopDomain: 'twice.myshopify.com' }, staffOf(OTHER_TENANT))).userErrors).toEqual([]);
  });

  it('knows a shop by the address that its own platform gives it', async () => {
    const domain = async (platform: string, shopDomain: string): Promise<unknown> => {
      const { channel, userErrors } = await connect({ platform, shopDomain });
      return channel?.shopDomain ?? userErrors;
    };
    const refused = [{ code: 'SHOP_DOMAIN_INVALID', field: ['shopDomain'] }];
    expect(await domain('SHOPLAZZA', 'Tea.myshoplazza.com')).toBe('tea.myshoplaza.com');
    // The same shop in its other spelling.
    expect(await domain('SHOPLAZZA', 'tea.myshoplaza.com')).toMatchObject([{ code: 'SHOP_ALREADY_CONNECTED' }]);
    expect(await domain('SHOPLAZZA', 'tea.myshopify.com')).toEqual(refused);
    expect(await domain('SHOPIFY', 'tea.myshoplaza.com')).toEqual(refused);
    expect(await domain('SHOPIFY', 'tea.myshopify.com')).toBe('tea.myshopify.com');
  });

  it('needs the scope', async () => {
    const reader = staffOf(TEST_TENANT, { scopes: ['channels:read'] });
    const answer = await subgraph.ask(CONNECT, { input: { platform: 'SHOPIFY', name: 'Demo', idempotencyKey: 'k' } }, reader);
    expect(answer.errors[0]?.code).toBe('FORBIDDEN');
  });
});

describe('switching a channel', () => {
  it('refuses channels that are not there or not granted, and ids of another kind', async () => {
    const { channel } = await connect();
    for (const mutation of ['disableChannel', 'enableChannel']) {
      const text = `mutation($id: ID!) { ${mutation}(input: { channelId: $id }) { channel { status } userErrors { code } } }`;
      const refused = { channel: null, userErrors: [{ code: 'CHANNEL_NOT_FOUND' }] };
      expect((await subgraph.ask(text, { id: newId('con') })).data?.[mutation]).toEqual(refused);
      expect((await subgraph.ask(text, { id: channel.id }, staffOf(OTHER_TENANT))).data?.[mutation]).toEqual(refused);
      expect((await subgraph.ask(text, { id: channel.id }, staffOf(TEST_TENANT, { channels: [newId('con')] }))).data?.[mutation]).toEqual(refused);
      expect((await subgraph.ask(text, { id: newId('ord') })).errors[0]?.code).toBe('INVALID_ID');
      expect((await subgraph.ask(text, { id: channel.id }, staffOf(TEST_TENANT, { scopes: ['channels:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
    }
  });
});

describe('pausing and resuming', () => {
  it('is seen live by those who may see the channel, each switch once', async () => {
    const { channel } = await connect();
    const follow = async (viewer: ReturnType<typeof staffOf>): Promise<AsyncGenerator<ExecutionResult<Json>>> => await subscribe({
      schema: subgraph.schema, document: parse('subscription { channelActive { id status health { status } } }'), contextValue: subgraph.contextFor({ viewer, requestId: newId('req'), language: 'en' }),
    }) as AsyncGenerator<ExecutionResult<Json>>;
    const say = async (mutation: string): Promise<Json> => (await subgraph.ask(`mutation($id: ID!) { ${mutation}(input: { channelId: $id }) { channel { status } userErrors { code } } }`, { id: channel.id })).data?.[mutation];
    await subgraph.quiet();
    const strangers = [await follow(staffOf(TEST_TENANT, { channels: [newId('con')] })), await follow(staffOf('ten_00000000000000000000000077'))];
    const seen: string[] = [];
    for (const stranger of strangers) void stranger.next().then(({ value, done }) => { if (done !== true) seen.push(JSON.stringify(value)); });
    for (const [mutation, status, health] of [['disableChannel', 'DISABLED', 'OFF'], ['enableChannel', 'ACTIVE', 'OK']] as const) {
      const granted = await follow(staffOf(TEST_TENANT, { channels: [channel.id] }));
      const next = granted.next();
      for (let n = 0; n < 2; n += 1) expect(await say(mutation)).toEqual({ channel: { status }, userErrors: [] });
      expect((await next).value.data.channelActive).toEqual({ id: channel.id, status, health: { status: health } });
      await granted.return(undefined);
      await subgraph.quiet();
    }
    expect(seen).toEqual([]);
    expect((await subgraph.recorded('bridge.channel-switched.v1')).filter(({ subject }) => subject === channel.id).map(({ data }) => data.status)).toEqual(['DISABLED', 'ACTIVE']);
    await Promise.all(strangers.map((live) => live.return(undefined)));
  });

  it('cannot be followed without the scope', async () => {
    const answer = await subscribe({
      schema: subgraph.schema, document: parse('subscription { channelActive { id } }'), contextValue: subgraph.contextFor({ viewer: staffOf(TEST_TENANT, { scopes: ['orders:read'] }), requestId: newId('req'), language: 'en' }),
    }) as ExecutionResult;
    expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

describe('reading', () => {
  const tenant = 'ten_00000000000000000000000009';
  const viewer = staffOf(tenant);
  const ids: string[] = [];
  beforeAll(async () => {
    for (let n = 0; n < 3; n += 1) {
      const { channel } = await connect({ name: `Shop ${n}` }, viewer);
      ids.unshift(channel.id);
      await receive(channel.id, n + 1, tenant);
    }
  });

  it('asks once for the deliveries, counts and refusals of many channels', async () => {
    const query = '{ channels { totalCount nodes { name webhooksRefusedLastDay deliveries(first: 2) { totalCount nodes { state channel { id } } pageInfo { hasNextPage } } } } }';
    let answer: Json;
    const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask(query, {}, viewer); });
    expect(answer.data.channels.totalCount).toBe(3);
    expect(answer.data.channels.nodes.map((channel: Json) => [channel.name, channel.deliveries.totalCount, channel.deliveries.nodes.length, channel.deliveries.pageInfo.hasNextPage]))
      .toEqual([['Shop 2', 3, 2, true], ['Shop 1', 2, 2, false], ['Shop 0', 1, 1, false]]);
    // Channels and their count, refusals, deliveries and their counts, channels of the deliveries.
    expect(statements).toHaveLength(6);
  });

  it('counts in its health what waits, signed or not, and how long', async () => {
    const query = '{ channels { nodes { name health { status waiting lagSeconds done failed } } } }';
    await subgraph.deps.database.write(tenant, 'test', (em) => em.execute("update delivery set state = 'RECEIVED', signed = false, received_at = app_now() - interval '10 minutes' where id = (select id from delivery where connection_id = ? limit 1)", [ids[1]!]));
    const { nodes } = (await subgraph.ask(query, {}, viewer)).data!.channels;
    expect(nodes.map(({ name, health: { status, waiting, done, failed } }: Json) => [name, status, waiting, done, failed])).toEqual([['Shop 2', 'OK', 3, 0, 0], ['Shop 1', 'LATE', 2, 0, 0], ['Shop 0', 'OK', 1, 0, 0]]);
    expect(nodes[1].health.lagSeconds).toBeGreaterThanOrEqual(600);
    await subgraph.deps.database.write(tenant, 'test', (em) => em.execute("update delivery set state = 'VERIFIED', signed = true where connection_id = ?", [ids[1]!]));
  });

  it('pages the deliveries of a channel without repeating or missing one', async () => {
    const query = 'query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { channel(id: $id) { deliveries(first: $first, after: $after, last: $last, before: $before) { nodes { id } pageInfo { hasNextPage endCursor startCursor } } } }';
    const page = async (args: object): Promise<Json> => (await subgraph.ask(query, { id: ids[0], ...args }, viewer)).data?.channel.deliveries;
    const first = await page({ first: 2 });
    const second = await page({ first: 2, after: first.pageInfo.endCursor });
    const seen = [...first.nodes, ...second.nodes].map((node: Json) => node.id);
    expect(seen).toHaveLength(3);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect((await page({ last: 2, before: second.pageInfo.startCursor })).nodes).toEqual(first.nodes);
  });

  it('filters all deliveries by channel and state, in one statement', async () => {
    const query = 'query($filter: DeliveryFilterInput) { deliveries(filter: $filter) { nodes { id topic bodyHash bodyBytes receivedAt doneAt triggeredAt externalOrderId reasonPath } } }';
    const count = async (filter: object | null): Promise<number> => (await subgraph.ask(query, { filter }, viewer)).data?.deliveries.nodes.length;
    expect([await count(null), await count({ channelId: ids[1] }), await count({ state: 'VERIFIED' }), await count({ state: 'DEAD' })]).toEqual([6, 2, 6, 0]);
    expect(await subgraph.sql.during(() => subgraph.ask(query, {}, viewer))).toHaveLength(1);
  });

  it('shows only granted channels, and their deliveries', async () => {
    const granted = staffOf(tenant, { channels: [ids[1]!] });
    const { data } = await subgraph.ask('query($hidden: ID!) { channels { nodes { id } totalCount } hidden: channel(id: $hidden) { id } deliveries { totalCount nodes { channel { id } } } }', { hidden: ids[0] }, granted);
    expect(data).toEqual({ channels: { nodes: [{ id: ids[1] }], totalCount: 1 }, hidden: null, deliveries: { totalCount: 2, nodes: [{ channel: { id: ids[1] } }, { channel: { id: ids[1] } }] } });
    expect((await subgraph.ask('{ channels { totalCount } }', {}, staffOf(tenant, { channels: [] }))).data).toEqual({ channels: { totalCount: 0 } });
  });

  it('resolves references of other subgraphs in one statement, and only what may be seen', async () => {
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Channel { name } } }';
    const refs = ids.map((id) => ({ __typename: 'Channel', id }));
    let answer: Json;
    const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask(query, { refs }, viewer); });
    expect(answer.data._entities).toEqual([{ name: 'Shop 2' }, { name: 'Shop 1' }, { name: 'Shop 0' }]);
    expect(statements).toHaveLength(1);
    expect((await subgraph.ask(query, { refs }, staffOf(tenant, { channels: [ids[0]!] }))).data?._entities).toEqual([{ name: 'Shop 2' }, null, null]);
    expect((await subgraph.ask(query, { refs })).data?._entities).toEqual([null, null, null]);
    expect((await subgraph.ask(query, { refs }, staffOf(tenant, { scopes: ['orders:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
  });
});
