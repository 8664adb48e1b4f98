import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { skuCreated, stockPublished, type EventEnvelope } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, type Json, type TestSubgraph } from '@quanyu/testing';
import type { Viewer } from '@quanyu/viewer';
import { inventory } from '../../subgraph.js';
import { publishQuantities } from './publish-quantities.js';
import { reconcileFailingChannels } from './record-publish-outcome.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory); });
afterAll(() => subgraph.close());

let read = 0;
/** Hands the subgraph its own news, as the relay does, and works off what is due. */
const catchUp = async (): Promise<void> => {
  const { rows } = await subgraph.deps.database.system.query<EventEnvelope & { id: string }>(
    `select event_id as id, tenant_id as "tenantId", type, subject, sequence::int, data, 'inventory' as source, '2026-01-01T00:00:00Z' as time, null as "correlationId", null as "causationId"
     from outbox where type = 'inventory.stock-level-changed.v1' order by xid, id offset $1`, [read]);
  read += rows.length;
  await subgraph.redeliver(...rows);
  const tenants = await subgraph.deps.database.system.query<{ tenant: string }>('select tenant_id as tenant from publish_due union select tenant_id from publish_sweep');
  for (const { tenant } of tenants.rows) await publishQuantities(subgraph.deps.database, tenant);
};

interface Shop { readonly viewer: Viewer; readonly tenantId: string; readonly ask: (query: string, variables?: object) => Promise<Json> }
const newShop = (): Shop => {
  const tenantId = newId('ten');
  const viewer = staffOf(tenantId);
  return { tenantId, viewer, ask: async (query, variables = {}) => {
    const { data, errors } = await subgraph.ask(query, variables as Record<string, unknown>, viewer);
    expect(errors).toEqual([]);
    return Object.values(data!)[0];
  } };
};
const SET = 'mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }';
const stock = (shop: Shop, skuId: string, onHand: number): Promise<Json> => shop.ask(SET, { input: { skuId, onHand, idempotencyKey: newId('req') } });
const RULE = 'mutation($input: SetAllocationRuleInput!) { setAllocationRule(input: $input) { allocationRule { id ratio maxOversellUnits version } userErrors { code field } } }';
const rule = (shop: Shop, input: object, expectedVersion?: number): Promise<Json> => shop.ask(RULE, { input: { rule: input, expectedVersion } });
const POLICY = 'mutation($input: SetStockPolicyInput!) { setStockPolicy(input: $input) { stockPolicy { version safetyStock } userErrors { code field } } }';
const policy = (shop: Shop, input: object, expectedVersion?: number): Promise<Json> => shop.ask(POLICY, { input: { policy: input, expectedVersion } });
const CHANNEL = 'mutation($input: SetStockChannelInput!) { setStockChannel(input: $input) { stockChannel { publishing isMain version } userErrors { code field } } }';
const channel = (shop: Shop, channelId: string, over: object = {}): Promise<Json> => shop.ask(CHANNEL, { input: { channelId, publishing: true, ...over } });
const PUBLISHED = 'query($filter: PublishedQuantityFilterInput) { publishedQuantities(first: 250, filter: $filter) { nodes { channel { id } sku { id } quantity version outcome failureCode } } }';
const published = async (shop: Shop, skuId: string): Promise<Record<string, number>> =>
  Object.fromEntries((await shop.ask(PUBLISHED, { filter: { skuIds: [skuId] } })).nodes.map((node: Json) => [node.channel.id, node.quantity]));
const told = async (shop: Shop): Promise<Json[]> => (await subgraph.recorded('inventory.publish-changed.v1')).filter(({ tenantId }) => tenantId === shop.tenantId).map(({ data }) => data);

describe('publishing to channels', () => {
  it('follows stock with the ratios 0.98, 1.0 and 2.0 of one pool', async () => {
    const shop = newShop();
    const [a, b, c, sku] = [newId('con'), newId('con'), newId('con'), newId('sku')];
    for (const each of [a, b, c]) await channel(shop, each);
    expect(await rule(shop, { channelId: a, ratio: '0.98' })).toMatchObject({ allocationRule: { ratio: '0.98', version: 1 }, userErrors: [] });
    await rule(shop, { channelId: c, ratio: '2.0', maxOversellUnits: 120 });
    await stock(shop, sku, 101);
    await catchUp();
    expect(await published(shop, sku)).toEqual({ [a]: 98, [b]: 101, [c]: 202 });
    expect(await told(shop)).toHaveLength(3);
    await stock(shop, sku, 200);
    await catchUp();
    expect(await published(shop, sku)).toEqual({ [a]: 196, [b]: 200, [c]: 320 });
    expect((await told(shop)).at(-1)).toMatchObject({ skuId: sku, previous: expect.any(Number) });
  });

  it('tells an equal value once, whatever comes twice', async () => {
    const shop = newShop();
    const [a, sku] = [newId('con'), newId('sku')];
    await channel(shop, a);
    await stock(shop, sku, 5);
    await catchUp();
    await stock(shop, sku, 5);
    await stock(shop, sku, 6);
    await stock(shop, sku, 5);
    await catchUp();
    read = 0;
    await catchUp();
    expect(await told(shop)).toEqual([{ connectionId: a, skuId: sku, quantity: 5, previous: null }]);
  });

  it('takes category and SKU before channel, and safety stock lowers only what is published', async () => {
    const shop = newShop();
    const [a, b, tee, mug] = [newId('con'), newId('con'), newId('sku'), newId('sku')];
    for (const skuId of [tee, mug]) await subgraph.deliver(skuCreated({ tenantId: shop.tenantId, sequence: 1, data: { skuId, productId: newId('prd'), code: `QY-${skuId}` } }));
    expect(await shop.ask('mutation($input: SetStockCategoryInput!) { setStockCategory(input: $input) { skus { id } userErrors { code } } }', { input: { skuIds: [tee], category: 'apparel' } })).toMatchObject({ userErrors: [] });
    await channel(shop, a);
    await channel(shop, b);
    await stock(shop, tee, 100);
    await stock(shop, mug, 100);
    await rule(shop, { channelId: a, ratio: '0.5' });
    await rule(shop, { category: 'apparel', ratio: '0.8' });
    await policy(shop, { skuId: mug, safetyStock: 10 });
    await catchUp();
    expect(await published(shop, tee)).toEqual({ [a]: 80, [b]: 80 });
    expect(await published(shop, mug)).toEqual({ [a]: 45, [b]: 90 });
    await rule(shop, { skuId: tee, channelId: b, ratio: '0.1' });
    await catchUp();
    expect(await published(shop, tee)).toEqual({ [a]: 80, [b]: 10 });
    const { levels } = (await shop.ask('query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Sku { stock { levels { available } } } } }', { refs: [{ __typename: 'Sku', id: mug }] }))[0].stock;
    expect(levels).toEqual([{ available: 100 }]);
  });

  it('shows the last units on the main channel only', async () => {
    const shop = newShop();
    const [main, other, sku] = [newId('con'), newId('con'), newId('sku')];
    await channel(shop, main, { isMain: true });
    await channel(shop, other);
    expect((await channel(shop, other, { isMain: true })).userErrors).toEqual([{ code: 'MAIN_CHANNEL_TAKEN', field: ['isMain'] }]);
    await policy(shop, { mainChannelOnlyBelow: 5 });
    await rule(shop, { minPublish: 2 });
    await stock(shop, sku, 5);
    await catchUp();
    expect(await published(shop, sku)).toEqual({ [main]: 5, [other]: 5 });
    await stock(shop, sku, 4);
    await catchUp();
    expect(await published(shop, sku)).toEqual({ [main]: 4, [other]: 0 });
    await stock(shop, sku, 1);
    await catchUp();
    expect(await published(shop, sku)).toEqual({ [main]: 0, [other]: 0 });
  });

  it('publishes to no channel before somebody says so, and tells a channel switched on all of it', async () => {
    const shop = newShop();
    const [a, ...skus] = [newId('con'), newId('sku'), newId('sku'), newId('sku')];
    for (const skuId of skus) await stock(shop, skuId, 3);
    await catchUp();
    expect(await told(shop)).toEqual([]);
    expect(await channel(shop, a)).toMatchObject({ stockChannel: { publishing: true, isMain: false, version: 1 } });
    await catchUp();
    expect(await told(shop)).toHaveLength(3);
    await channel(shop, a, { publishing: false });
    await stock(shop, skus[0]!, 9);
    await catchUp();
    expect(await told(shop)).toHaveLength(3);
    await channel(shop, a);
    await catchUp();
    expect((await told(shop)).slice(3).map(({ quantity, previous }) => [quantity, previous]).sort()).toEqual([[3, 3], [3, 3], [9, 3]]);
  });

  it('works off many SKUs and channels in a number of statements that does not grow', async () => {
    const statementsFor = async (skuCount: number, channelCount: number): Promise<number> => {
      const shop = newShop();
      for (let n = 0; n < channelCount; n += 1) await channel(shop, newId('con'));
      await catchUp();
      for (let n = 0; n < skuCount; n += 1) await stock(shop, newId('sku'), 3 + n);
      const { rows } = await subgraph.deps.database.system.query<EventEnvelope>(
        `select event_id as id, tenant_id as "tenantId", type, subject, sequence::int, data, 'inventory' as source, '' as time from outbox where type = 'inventory.stock-level-changed.v1' and tenant_id = $1`, [shop.tenantId]);
      await subgraph.redeliver(...rows);
      const statements = await subgraph.sql.during(() => publishQuantities(subgraph.deps.database, shop.tenantId));
      expect(await told(shop)).toHaveLength(skuCount * channelCount);
      return statements.length;
    };
    expect(await statementsFor(2, 1)).toBe(await statementsFor(60, 5));
  });

  it('takes many changes of a hot SKU as one', async () => {
    const shop = newShop();
    const [a, sku] = [newId('con'), newId('sku')];
    await channel(shop, a);
    await catchUp();
    for (let n = 1; n <= 20; n += 1) await stock(shop, sku, n);
    await catchUp();
    expect(await told(shop)).toEqual([{ connectionId: a, skuId: sku, quantity: 20, previous: null }]);
    expect(subgraph.enqueued.filter(({ payload }) => (payload as Json).tenantId === shop.tenantId).at(-1)).toEqual({ name: 'inventory.publish-quantities', payload: { tenantId: shop.tenantId } });
  });

  it('is found due when nobody asked for it, until it is done', async () => {
    const shop = newShop();
    const due = async (): Promise<unknown[]> => {
      const found: unknown[] = [];
      for await (const batch of inventory.jobs!(subgraph.deps).definitions.find(({ name }) => name === 'inventory.publish-quantities')!.due!()) found.push(...batch);
      return found.filter((job) => (job as { jobId: string }).jobId === shop.tenantId);
    };
    await stock(shop, newId('sku'), 5);
    await catchUp();
    expect(await due()).toEqual([]);
    await subgraph.deps.database.write(shop.tenantId, 'test', (em) => em.execute("insert into publish_due (tenant_id, sku_id, marked_at) values (?, 'x', app_now() - interval '5 seconds')", [shop.tenantId]));
    expect(await due()).toEqual([{ payload: { tenantId: shop.tenantId }, jobId: shop.tenantId }]);
    await publishQuantities(subgraph.deps.database, shop.tenantId);
    expect(await due()).toEqual([]);
  });

  it('keeps the newest figure when two workers and changing rules meet', async () => {
    const shop = newShop();
    const [a, ...skus] = [newId('con'), ...Array.from({ length: 6 }, () => newId('sku'))];
    await channel(shop, a);
    for (const skuId of skus) await stock(shop, skuId, 100);
    await Promise.all([
      ...['0.1', '0.2', '0.3', '0.9'].map(async (ratio) => { await rule(shop, { channelId: a, ratio }); await catchUp(); }),
      ...skus.map(async (skuId, n) => { await stock(shop, skuId, 200 + n); await publishQuantities(subgraph.deps.database, shop.tenantId); }),
      publishQuantities(subgraph.deps.database, shop.tenantId),
    ]);
    read = 0;
    await catchUp();
    const [{ ratio }] = (await shop.ask('{ allocationRules { nodes { ratio } } }')).nodes;
    for (const [n, skuId] of skus.entries()) expect(await published(shop, skuId)).toEqual({ [a]: Math.floor((200 + n) * Number(ratio) + 1e-9) });
  });
});

describe('settings', () => {
  it('refuse a ratio over 1 without a cap, in the code and in the database', async () => {
    const shop = newShop();
    expect(await rule(shop, { ratio: '2.0' })).toEqual({ allocationRule: null, userErrors: [{ code: 'RATIO_NEEDS_CAP', field: ['ratio'] }] });
    const past = subgraph.deps.database.write(shop.tenantId, 'test', (em) => em.execute("insert into allocation_rule (id, tenant_id, ratio_scaled) values (?, ?, 20000)", [newId('alc'), shop.tenantId]));
    await expect(past).rejects.toThrow(/ratio_over_one_is_capped/);
  });

  it('refuse what cannot be meant, each by its code', async () => {
    const shop = newShop();
    expect((await rule(shop, { ratio: '0.00001' })).userErrors[0].code).toBe('RATIO_INVALID');
    expect((await rule(shop, { maxOversellPercent: 20 })).userErrors[0].code).toBe('CAP_INVALID');
    expect((await rule(shop, { minPublish: -1 })).userErrors[0].code).toBe('QUANTITY_INVALID');
    expect((await rule(shop, { category: 'a', skuId: newId('sku') })).userErrors[0].code).toBe('SCOPE_INVALID');
    expect((await policy(shop, { safetyStock: -1 })).userErrors[0].code).toBe('QUANTITY_INVALID');
    expect((await shop.ask('mutation($input: SetStockCategoryInput!) { setStockCategory(input: $input) { userErrors { code } } }', { input: { skuIds: [newId('sku')], category: 'x' } })).userErrors[0].code).toBe('SKU_UNKNOWN');
    expect((await shop.ask('mutation($id: ID!) { reconcileStockChannel(input: { channelId: $id }) { userErrors { code } } }', { id: newId('con') })).userErrors[0].code).toBe('CHANNEL_NOT_PUBLISHING');
    const some = staffOf(shop.tenantId, { channels: [newId('con')] });
    expect((await subgraph.ask(RULE, { input: { rule: { ratio: '1' } } }, some)).data?.setAllocationRule.userErrors[0].code).toBe('NEEDS_ALL_CHANNELS');
    expect((await subgraph.ask(RULE, { input: { rule: { channelId: newId('con'), ratio: '1' } } }, some)).data?.setAllocationRule.userErrors[0].code).toBe('CHANNEL_NOT_FOUND');
    const reader = staffOf(shop.tenantId, { scopes: ['inventory:read'] });
    expect((await subgraph.ask(RULE, { input: { rule: { ratio: '1' } } }, reader)).errors[0]?.code).toBe('FORBIDDEN');
  });

  it('refuse an edit of something that has changed meanwhile', async () => {
    const shop = newShop();
    expect((await rule(shop, { ratio: '0.5' }, 0)).allocationRule.version).toBe(1);
    expect((await rule(shop, { ratio: '0.6' }, 0)).userErrors[0].code).toBe('VERSION_CONFLICT');
    expect((await rule(shop, { ratio: '0.6' }, 1)).allocationRule).toMatchObject({ version: 2, ratio: '0.6' });
    expect((await rule(shop, { category: 'x', ratio: '0.6' }, 3)).userErrors[0].code).toBe('VERSION_CONFLICT');
    expect((await policy(shop, { safetyStock: 1 }, 0)).stockPolicy).toEqual({ version: 1, safetyStock: 1 });
    expect((await policy(shop, { safetyStock: 2 }, 3)).userErrors[0].code).toBe('VERSION_CONFLICT');
    expect((await channel(shop, newId('con'), { expectedVersion: 4 })).userErrors[0].code).toBe('VERSION_CONFLICT');
  });
});

describe('asking what if', () => {
  const PREVIEW = 'query($suppose: SupposedAllocationInput, $skuIds: [ID!], $first: Int) { allocationPreview(suppose: $suppose, skuIds: $skuIds, first: $first) { totalCount nodes { available base channels { channel { id } quantity published } } } }';

  it('shows what a change would publish, beside what is published, and changes nothing', async () => {
    const shop = newShop();
    const [a, b, sku] = [newId('con'), newId('con'), newId('sku')];
    await channel(shop, a);
    await stock(shop, sku, 50);
    await catchUp();
    const suppose = { rules: [{ channelId: b, ratio: '2', maxOversellPercent: 150 }], policies: [{ safetyStock: 10 }], channelIds: [a, b] };
    expect(await shop.ask(PREVIEW, { suppose, skuIds: [sku] })).toEqual({ totalCount: 1, nodes: [{
      available: 50, base: 40, channels: expect.arrayContaining([{ channel: { id: a }, quantity: 40, published: 50 }, { channel: { id: b }, quantity: 60, published: null }]),
    }] });
    await catchUp();
    expect(await told(shop)).toHaveLength(1);
    const refused = await subgraph.ask(PREVIEW, { suppose: { rules: [{ ratio: '3' }] } }, shop.viewer);
    expect(refused.errors[0]).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('maxOversellUnits') });
  });

  it('asks as often for one SKU as for forty', async () => {
    const shop = newShop();
    await channel(shop, newId('con'));
    for (let n = 0; n < 40; n += 1) await stock(shop, newId('sku'), n);
    const statements = async (first: number): Promise<number> => (await subgraph.sql.during(() => shop.ask(PREVIEW.replace('totalCount ', ''), { first }))).length;
    expect(await statements(1)).toBe(5);
    expect(await statements(40)).toBe(5);
  });
});

describe("a channel's answer", () => {
  const answer = (shop: Shop, connectionId: string, skuId: string, publishSequence: number, outcome: 'ACCEPTED' | 'FAILED' = 'ACCEPTED') =>
    stockPublished({ tenantId: shop.tenantId, sequence: publishSequence, data: { connectionId, skuId, publishSequence, outcome, failureCode: outcome === 'FAILED' ? 'THROTTLED' : null } });
  const outcomes = async (shop: Shop): Promise<Json> => (await shop.ask(PUBLISHED)).nodes.map(({ outcome, failureCode, version }: Json) => [version, outcome, failureCode]);
  const exceptions = (shop: Shop): Promise<Json> => shop.ask('{ stockExceptions(filter: { code: PUBLISH_FAILED }) { nodes { code state channel { id } } } }');

  it('is recorded for the figure it answers, however often and late it comes', async () => {
    const shop = newShop();
    const [a, sku] = [newId('con'), newId('sku')];
    await channel(shop, a);
    await stock(shop, sku, 5);
    await catchUp();
    await stock(shop, sku, 6);
    await catchUp();
    const late = await subgraph.deliver(answer(shop, a, sku, 1, 'FAILED'));
    expect(await outcomes(shop)).toEqual([[2, 'PENDING', null]]);
    const event = await subgraph.deliver(answer(shop, a, sku, 2));
    await subgraph.redeliver(event, late);
    expect(await outcomes(shop)).toEqual([[2, 'ACCEPTED', null]]);
  });

  it('that it failed raises an alert, has everything told again once, and is over when all is accepted', async () => {
    const shop = newShop();
    const [a, sku, other] = [newId('con'), newId('sku'), newId('sku')];
    await channel(shop, a);
    await stock(shop, sku, 5);
    await stock(shop, other, 7);
    await catchUp();
    await subgraph.deliver(answer(shop, a, other, 1));
    await subgraph.deliver(answer(shop, a, sku, 1, 'FAILED'));
    expect((await exceptions(shop)).nodes).toEqual([{ code: 'PUBLISH_FAILED', state: 'OPEN', channel: { id: a } }]);
    await reconcileFailingChannels(subgraph.deps);
    await reconcileFailingChannels(subgraph.deps);
    await catchUp();
    expect(await outcomes(shop)).toEqual([[2, 'PENDING', null], [2, 'PENDING', null]]);
    await subgraph.deliver(answer(shop, a, other, 2));
    expect((await exceptions(shop)).nodes).toMatchObject([{ state: 'OPEN' }]);
    await subgraph.deliver(answer(shop, a, sku, 2, 'FAILED'));
    await reconcileFailingChannels(subgraph.deps);
    await catchUp();
    expect((await outcomes(shop)).map(([version]: [number]) => version)).toEqual([2, 2]);
    await subgraph.deps.database.write(shop.tenantId, 'test', (em) => em.execute("update stock_channel set reconcile_after = app_now()"));
    await reconcileFailingChannels(subgraph.deps);
    await catchUp();
    await subgraph.deliver(answer(shop, a, sku, 3));
    expect((await exceptions(shop)).nodes).toEqual([{ code: 'PUBLISH_FAILED', state: 'RESOLVED', channel: { id: a } }]);
  });

  it('that never comes has everything told again', async () => {
    const shop = newShop();
    const [a, sku] = [newId('con'), newId('sku')];
    await channel(shop, a);
    await stock(shop, sku, 5);
    await catchUp();
    await subgraph.deps.database.write(shop.tenantId, 'test', (em) => em.execute("update published_quantity set published_at = app_now() - interval '16 minutes'"));
    await reconcileFailingChannels(subgraph.deps);
    await catchUp();
    expect(await outcomes(shop)).toEqual([[2, 'PENDING', null]]);
    expect((await told(shop)).at(-1)).toMatchObject({ quantity: 5, previous: 5 });
  });
});

describe('low stock', () => {
  const RAISED = 'inventory.stock-exception-raised.v1';
  const rung = async (shop: Shop): Promise<number> => (await subgraph.recorded(RAISED)).filter(({ tenantId, data }) => tenantId === shop.tenantId && data.code === 'LOW_STOCK').length;

  it('is told once for each crossing, with hysteresis, and closed when it has recovered', async () => {
    const shop = newShop();
    const sku = newId('sku');
    const rungAfter: number[] = [];
    for (const onHand of [12, 10, 9, 3, 10, 9, 11, 9, 20]) {
      await stock(shop, sku, onHand);
      await catchUp();
      rungAfter.push(await rung(shop));
    }
    expect(rungAfter).toEqual([0, 0, 1, 1, 1, 1, 1, 2, 2]);
    expect(await shop.ask('{ stockExceptions { nodes { code state sku { id } available threshold } } }')).toEqual({ nodes: [
      { code: 'LOW_STOCK', state: 'RESOLVED', sku: { id: sku }, available: 9, threshold: 10 }, { code: 'LOW_STOCK', state: 'RESOLVED', sku: { id: sku }, available: 9, threshold: 10 },
    ] });
    expect((await subgraph.recorded('inventory.stock-exception-resolved.v1')).filter(({ tenantId }) => tenantId === shop.tenantId)).toHaveLength(2);
  });

  it('goes by the threshold of the SKU, else of its category, else of all; 0 switches it off', async () => {
    const shop = newShop();
    const [a, b] = [newId('sku'), newId('sku')];
    await policy(shop, { lowStockThreshold: 3 });
    await policy(shop, { skuId: b, lowStockThreshold: 0 });
    for (const [sku, onHand] of [[a, 4], [b, 1]] as const) await stock(shop, sku, onHand);
    await catchUp();
    expect(await rung(shop)).toBe(0);
    await policy(shop, { skuId: a, lowStockThreshold: 5 });
    await catchUp();
    expect(await rung(shop)).toBe(1);
  });
});
