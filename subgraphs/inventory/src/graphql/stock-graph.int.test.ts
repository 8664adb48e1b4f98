import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { parse, subscribe, type ExecutionResult } from 'graphql';
import { publishQuantities } from '../commands/publishing/publish-quantities.js';
import { reserveStock } from '../commands/holds/reserve-stock.js';
import { inventory } from '../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory); });
afterAll(() => subgraph.close());

const ask = async (query: string, variables: Record<string, unknown> = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> => {
  const { data, errors } = await subgraph.ask(query, variables, viewer);
  expect(errors).toEqual([]);
  return Object.values(data!)[0];
};
const count = async (skuId: string, onHand: number, locationCode = 'main', viewer = staffOf(TEST_TENANT)): Promise<Json> => (await ask(
  'mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { stockLevel { id version location { id } } } }', { input: { skuId, onHand, locationCode, idempotencyKey: newId('req') } }, viewer)).stockLevel;
const ADJUST = 'mutation($input: AdjustStockInput!) { adjustStock(input: $input) { stockLevel { onHand unavailable incoming allowance available version } userErrors { code field } } }';
const adjust = (input: object): Promise<Json> => ask(ADJUST, { input: { idempotencyKey: newId('req'), reason: 'ADJUSTMENT', ...input } });
const hold = (skuId: string, quantity: number, over: object = {}) => reserveStock(subgraph.deps.database, { tenantId: TEST_TENANT, key: newId('ord'), lines: [{ skuId, quantity }], ...over });
const SKU = 'query($refs: [_Any!]!, $locationIds: [ID!], $channelId: ID) { _entities(representations: $refs) { ... on Sku { stock(locationIds: $locationIds, channelId: $channelId) { onHand reserved occupied unavailable incoming available published levels { bucket location { code } } } } } }';
const skuStock = async (skuId: string, variables: object = {}): Promise<Json> => (await ask(SKU, { refs: [{ __typename: 'Sku', id: skuId }], ...variables }))[0].stock;

describe('the stock of a SKU', () => {
  it('is physical, occupied and available; what is set aside for activities is occupied', async () => {
    const sku = newId('sku');
    const { location } = await count(sku, 50);
    await hold(sku, 8);
    await adjust({ skuId: sku, locationId: location.id, reason: 'DAMAGED', unavailableBy: 2, incomingBy: 5 });
    await ask('mutation($input: OpenActivityStockInput!) { openActivityStock(input: $input) { userErrors { code } } }', { input: { bucket: `live-${sku.slice(-8)}`, name: 'Live', units: [{ skuId: sku, locationId: location.id, quantity: 10 }], idempotencyKey: newId('req') } });
    expect(await skuStock(sku)).toEqual({ onHand: 50, reserved: 8, occupied: 18, unavailable: 2, incoming: 5, available: 30, published: null, levels: [{ bucket: 'MAIN', location: { code: 'main' } }, { bucket: `live-${sku.slice(-8)}`, location: { code: 'main' } }] });
  });

  it('is that of some locations, and tells what a channel was told', async () => {
    const [sku, channelId] = [newId('sku'), newId('con')];
    await count(sku, 5, 'main');
    const { location } = await count(sku, 7, 'east');
    await ask('mutation($id: ID!) { setStockChannel(input: { channelId: $id, publishing: true }) { userErrors { code } } }', { id: channelId });
    await publishQuantities(subgraph.deps.database, TEST_TENANT);
    expect(await skuStock(sku, { channelId })).toMatchObject({ onHand: 12, published: 12 });
    expect(await skuStock(sku, { locationIds: [location.id] })).toMatchObject({ onHand: 7, published: null, levels: [{ location: { code: 'east' } }] });
    expect(await skuStock(newId('sku'))).toMatchObject({ onHand: 0, available: 0, levels: [] });
  });

  it('leaves out holds past their end before anybody has swept them', async () => {
    const sku = newId('sku');
    await count(sku, 5);
    await hold(sku, 3, { hold: 0.02 });
    expect(await skuStock(sku)).toMatchObject({ reserved: 3, available: 2 });
    // The database's clock says when, which need not run as ours does.
    for (const end = Date.now() + 20_000; (await skuStock(sku)).reserved > 0 && Date.now() < end;) await sleep(200);
    expect(await skuStock(sku)).toMatchObject({ reserved: 0, available: 5 });
    expect((await ask('query($skuIds: [ID!]) { reservations(filter: { skuIds: $skuIds, states: [EXPIRED] }) { nodes { state lines { quantity } } } }', { skuIds: [sku] })).nodes).toEqual([{ state: 'EXPIRED', lines: [{ quantity: 3 }] }]);
    expect((await ask('query($skuIds: [ID!]) { stockLevels(skuIds: $skuIds) { nodes { reserved available } } }', { skuIds: [sku] })).nodes).toEqual([{ reserved: 0, available: 5 }]);
  });
});

describe('adjusting and transferring', () => {
  it('changes each quantity with its reason, once a key, and refuses what is promised', async () => {
    const sku = newId('sku');
    const { location, version } = await count(sku, 10);
    await hold(sku, 6);
    const input = { skuId: sku, locationId: location.id, reason: 'RECEIVED', onHandBy: 5, idempotencyKey: 'goods-in-1' };
    expect(await adjust(input)).toMatchObject({ stockLevel: { onHand: 15, available: 9 }, userErrors: [] });
    expect(await adjust(input)).toMatchObject({ stockLevel: { onHand: 15 } });
    expect((await subgraph.ask(ADJUST, { input: { ...input, onHandBy: 6 } })).errors[0]?.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await adjust({ skuId: sku, locationId: location.id, onHandBy: -10 })).toEqual({ stockLevel: null, userErrors: [{ code: 'BELOW_RESERVED', field: ['onHand'] }] });
    expect(await adjust({ skuId: sku, locationId: location.id, onHandBy: -16 })).toMatchObject({ userErrors: [{ code: 'QUANTITY_INVALID' }] });
    expect(await adjust({ skuId: sku, locationId: location.id, onHandBy: 1, expectedVersion: version })).toMatchObject({ userErrors: [{ code: 'VERSION_CONFLICT' }] });
    expect(await adjust({ skuId: sku, locationId: newId('loc'), onHandBy: 1 })).toMatchObject({ userErrors: [{ code: 'LOCATION_UNKNOWN' }] });
    expect(await adjust({ skuId: sku, locationId: location.id, reason: 'ALLOWANCE', allowance: 3 })).toMatchObject({ stockLevel: { allowance: 3, available: 9 } });
    expect((await subgraph.ask(ADJUST, { input: { ...input, idempotencyKey: 'other' } }, staffOf(OTHER_TENANT))).data?.adjustStock.userErrors[0].code).toBe('LOCATION_UNKNOWN');
    expect((await subgraph.ask(ADJUST, { input: { ...input, onHandBy: 1.5 } })).errors).toHaveLength(1);
  });

  it('moves free units alone', async () => {
    const sku = newId('sku');
    const from = await count(sku, 10, 'main');
    const to = await count(sku, 1, 'east');
    await hold(sku, 4);
    const transfer = (quantity: number): Promise<Json> => ask('mutation($input: TransferStockInput!) { transferStock(input: $input) { stockLevel { onHand } toStockLevel { onHand } userErrors { code } } }', {
      input: { skuId: sku, fromLocationId: from.location.id, toLocationId: to.location.id, quantity, idempotencyKey: newId('req') } });
    expect(await transfer(6)).toEqual({ stockLevel: { onHand: 4 }, toStockLevel: { onHand: 7 }, userErrors: [] });
    expect(await transfer(1)).toMatchObject({ userErrors: [{ code: 'NOT_ENOUGH_FREE' }] });
    expect(await transfer(0)).toMatchObject({ userErrors: [{ code: 'QUANTITY_INVALID' }] });
  });
});

describe('an activity', () => {
  const OPEN = 'mutation($input: OpenActivityStockInput!) { openActivityStock(input: $input) { activityStock { bucket state perMemberLimit levels { onHand } } userErrors { code field } } }';
  const terms = (over: object = {}): Json => ({ bucket: `flash-${newId('req').slice(-10)}`, name: 'Flash sale', idempotencyKey: newId('req'), ...over });

  it('sells from its own units within its limits, and gives the rest back at its end', async () => {
    const sku = newId('sku');
    const { location } = await count(sku, 20);
    const input = terms({ perMemberLimit: 2, units: [{ skuId: sku, locationId: location.id, quantity: 5 }] });
    const opened = await ask(OPEN, { input });
    expect(opened).toEqual({ activityStock: { bucket: input.bucket, state: 'SELLING', perMemberLimit: 2, levels: [{ onHand: 5 }] }, userErrors: [] });
    expect(await ask(OPEN, { input })).toEqual(opened);
    expect((await hold(sku, 3, { bucket: input.bucket, memberId: newId('mem') }))).toMatchObject({ kind: 'refused', code: 'MEMBER_LIMIT' });
    expect((await hold(sku, 2, { bucket: input.bucket, memberId: newId('mem') })).kind).toBe('held');
    const more = await ask('mutation($input: FillActivityStockInput!) { fillActivityStock(input: $input) { activityStock { levels { onHand } } userErrors { code } } }', { input: { bucket: input.bucket, units: [{ skuId: sku, locationId: location.id, quantity: 4 }], idempotencyKey: newId('req') } });
    expect(more).toEqual({ activityStock: { levels: [{ onHand: 9 }] }, userErrors: [] });
    const { idempotencyKey: _, units: __, ...rest } = input;
    const changed = await ask('mutation($input: ActivityTermsInput!) { changeActivityStock(input: $input) { activityStock { perMemberLimit state } userErrors { code } } }', { input: { ...rest, perMemberLimit: 3 } });
    expect(changed.activityStock).toEqual({ perMemberLimit: 3, state: 'SELLING' });
    const END = 'mutation($bucket: String!) { endActivityStock(input: { bucket: $bucket }) { activityStock { state levels { onHand reserved } } userErrors { code } } }';
    for (let n = 0; n < 2; n += 1) expect((await ask(END, { bucket: input.bucket })).activityStock).toEqual({ state: 'ENDED', levels: [{ onHand: 2, reserved: 2 }] });
    expect(await skuStock(sku)).toMatchObject({ onHand: 20, available: 18, occupied: 2 });
    expect((await hold(sku, 1, { bucket: input.bucket })).kind).toBe('refused');
    expect((await ask('{ activityStocks { bucket } }')).map(({ bucket }: Json) => bucket)).not.toContain(input.bucket);
    expect((await ask('{ activityStocks(withEnded: true) { bucket } }')).map(({ bucket }: Json) => bucket)).toContain(input.bucket);
  });

  it('is set aside whole or not at all, and refuses what cannot be meant, each by its code', async () => {
    const [plenty, few] = [newId('sku'), newId('sku')];
    const { location } = await count(plenty, 20);
    await count(few, 1);
    const short = terms({ units: [{ skuId: plenty, locationId: location.id, quantity: 5 }, { skuId: few, locationId: location.id, quantity: 2 }] });
    expect(await ask(OPEN, { input: short })).toEqual({ activityStock: null, userErrors: [{ code: 'NOT_ENOUGH_FREE', field: ['units', '1', 'quantity'] }] });
    expect(await skuStock(plenty)).toMatchObject({ available: 20 });
    await count(few, 2);
    expect((await ask(OPEN, { input: short })).userErrors).toEqual([]);
    const code = async (input: object): Promise<string> => (await ask(OPEN, { input: terms(input) })).userErrors[0].code;
    expect(await code({ bucket: short.bucket })).toBe('BUCKET_EXISTS');
    for (const bad of [{ bucket: 'MAIN' }, { bucket: 'no spaces' }, { name: ' ' }, { perMemberLimit: 0 }, { startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' }]) expect(await code(bad)).toBe('BUCKET_INVALID');
    const fill = (bucket: string, viewer = staffOf(TEST_TENANT)): Promise<Json> => ask('mutation($input: FillActivityStockInput!) { fillActivityStock(input: $input) { userErrors { code } } }', { input: { bucket, units: [], idempotencyKey: newId('req') } }, viewer);
    expect((await fill('nobody')).userErrors[0].code).toBe('BUCKET_UNKNOWN');
    expect((await fill(short.bucket, staffOf(OTHER_TENANT))).userErrors[0].code).toBe('BUCKET_UNKNOWN');
    await ask('mutation($bucket: String!) { endActivityStock(input: { bucket: $bucket }) { userErrors { code } } }', { bucket: short.bucket });
    expect((await fill(short.bucket)).userErrors[0].code).toBe('BUCKET_CLOSED');
  });
});

describe('lists', () => {
  it('ask as often for many rows as for one', async () => {
    const viewer = staffOf('ten_00000000000000000000000005');
    for (let n = 0; n < 4; n += 1) {
      const sku = newId('sku');
      await count(sku, 10 + n, `place-${n}`, viewer);
      await reserveStock(subgraph.deps.database, { tenantId: 'ten_00000000000000000000000005', key: newId('ord'), lines: [{ skuId: sku, quantity: 1 }] });
    }
    const lists: readonly [query: string, statements: number][] = [
      ['{ stockLevels(first: N) { nodes { id onHand available holdsToRelease { key } location { code follows { figure } } } } }', 3],
      ['{ movements(first: N) { nodes { id reason onHand stockLevel { id } reservation { key } } } }', 3],
      ['{ reservations(first: N) { nodes { id key state order { id } lines { quantity stockLevel { id } } acknowledgements { externalOrderId } } } }', 4],
      ['{ locations(first: N) { nodes { code follows { figure } } } }', 2],
      ['{ activityStocks { bucket levels { onHand location { code } } } }', 1],
      ['{ stockImports(first: N) { nodes { id refusedRowsPath } } }', 1],
      ['{ stockExceptions(first: N) { nodes { id stockLevel { id } location { code } } } }', 1],
    ];
    for (const [query, expected] of lists) {
      for (const first of [1, 100]) {
        const statements = await subgraph.sql.during(() => ask(query.replace('N', String(first)), {}, viewer));
        expect([query, statements.length]).toEqual([query, expected]);
      }
    }
  });

  it('filter the journal and holds, and page them by cursor', async () => {
    const sku = newId('sku');
    const { location } = await count(sku, 10);
    await count(sku, 12);
    const held = await hold(sku, 2);
    const journal = async (filter: object): Promise<string[]> => (await ask('query($filter: StockMovementFilterInput) { movements(filter: $filter) { nodes { reason } } }', { filter })).nodes.map(({ reason }: Json) => reason);
    expect(await journal({ skuIds: [sku] })).toEqual(['RESERVED', 'COUNT', 'COUNT']);
    expect(await journal({ skuIds: [sku], reasons: ['COUNT'] })).toEqual(['COUNT', 'COUNT']);
    expect(await journal({ skuIds: [sku], locationIds: [newId('loc')] })).toEqual([]);
    expect(await journal({ skuIds: [sku], locationIds: [location.id], from: '2020-01-01T00:00:00Z', until: '2020-01-02T00:00:00Z' })).toEqual([]);
    expect(await journal({ reservationId: (held as { reservationId: string }).reservationId })).toEqual(['RESERVED']);
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page: Json = await ask('query($skuIds: [ID!], $after: String) { movements(filter: { skuIds: $skuIds }, first: 2, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }', { skuIds: [sku], after });
      expect(page.totalCount).toBe(3);
      seen.push(...page.nodes.map(({ id }: Json) => id));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(new Set(seen).size).toBe(3);
    expect((await ask('query($skuIds: [ID!]) { reservations(filter: { skuIds: $skuIds, states: [HELD] }) { nodes { state lines { open sku { id } } } } }', { skuIds: [sku] })).nodes).toEqual([{ state: 'HELD', lines: [{ open: 2, sku: { id: sku } }] }]);
    const tooMany = Array.from({ length: 251 }, () => newId('sku'));
    expect((await subgraph.ask('query($skuIds: [ID!]) { stockLevels(skuIds: $skuIds) { nodes { id } } }', { skuIds: tooMany })).errors[0]?.code).toBe('INPUT_INVALID');
    expect((await subgraph.ask('{ movements(filter: { skuIds: ["ord_x"] }) { nodes { id } } }')).errors[0]?.code).toBe('INVALID_ID');
  });

  it('show no tenant what is of another, and nothing to those without the scope', async () => {
    await count(newId('sku'), 1);
    const stranger = staffOf('ten_00000000000000000000000077');
    for (const list of ['stockLevels', 'movements', 'reservations', 'locations', 'stockTakes', 'stockImports', 'stockExceptions', 'allocationRules', 'stockPolicies', 'publishedQuantities', 'allocationPreview']) {
      expect(await ask(`{ ${list} { totalCount nodes { id } } }`, {}, stranger)).toEqual({ totalCount: 0, nodes: [] });
      expect((await subgraph.ask(`{ ${list} { nodes { id } } }`, {}, staffOf(TEST_TENANT, { scopes: ['orders:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
    }
  });
});

describe('stockLevel', () => {
  const ONE = 'query($id: ID!) { stockLevel(id: $id) { id onHand available } }';

  it('is one level by its id, for whoever may read stock: it belongs to no channel, but to one tenant', async () => {
    const { id } = await count(newId('sku'), 9);
    const level = { id, onHand: 9, available: 9 };
    expect(await ask(ONE, { id })).toEqual(level);
    expect(await ask(ONE, { id }, staffOf(TEST_TENANT, { kind: 'partner', subjectId: 'key_1', scopes: ['inventory:read'], channels: [] }))).toEqual(level);
    expect(await ask(ONE, { id }, staffOf(TEST_TENANT, { scopes: ['inventory:read'], channels: [newId('con')] }))).toEqual(level);
    expect(await ask(ONE, { id }, staffOf(OTHER_TENANT))).toBeNull();
    expect(await ask(ONE, { id: newId('stk') })).toBeNull();
  });

  it('is refused to a key without the scope, and ids of another kind are refused', async () => {
    const { id } = await count(newId('sku'), 9);
    const codeOf = async (asked: string, viewer = staffOf(TEST_TENANT)): Promise<unknown> => (await subgraph.ask(ONE, { id: asked }, viewer)).errors[0]?.code;
    expect(await codeOf(id, staffOf(TEST_TENANT, { kind: 'partner', subjectId: 'key_1', scopes: ['orders:read', 'catalog:read'] }))).toBe('FORBIDDEN');
    expect(await codeOf(newId('sku'))).toBe('INVALID_ID');
  });
});

describe('live', () => {
  const follow = async (query: string): Promise<AsyncGenerator<ExecutionResult<Json>>> => await subscribe({
    schema: subgraph.schema, document: parse(query), contextValue: subgraph.contextFor({ viewer: staffOf(TEST_TENANT), requestId: newId('req'), language: 'en' }),
  }) as AsyncGenerator<ExecutionResult<Json>>;

  it('levels are followed by SKU and by location', async () => {
    const [mine, other] = [newId('sku'), newId('sku')];
    const { location } = await count(mine, 1, 'live-east');
    await subgraph.quiet();
    const bySku = await follow(`subscription { stockLevelChanged(skuIds: ["${mine}"]) { onHand sku { id } } }`);
    const byLocation = await follow(`subscription { stockLevelChanged(locationIds: ["${location.id}"]) { onHand sku { id } } }`);
    const [first, second] = [bySku.next(), byLocation.next()];
    await count(other, 5, 'live-west');
    await count(mine, 7, 'live-east');
    for (const { value } of await Promise.all([first, second])) expect(value.data.stockLevelChanged).toEqual({ onHand: 7, sku: { id: mine } });
    await Promise.all([bySku.return(undefined), byLocation.return(undefined)]);
  });

  it('low stock is told as it happens', async () => {
    const sku = newId('sku');
    await count(sku, 50);
    await subgraph.quiet();
    const stream = await follow(`subscription { lowStock(skuIds: ["${sku}"]) { available threshold sku { id } } }`);
    const next = stream.next();
    await count(sku, 3);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('insert into publish_due (tenant_id, sku_id) values (?, ?) on conflict do nothing', [TEST_TENANT, sku]));
    await publishQuantities(subgraph.deps.database, TEST_TENANT);
    expect((await next).value.data.lowStock).toEqual({ available: 3, threshold: 10, sku: { id: sku } });
    await stream.return(undefined);
  });
});
