import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { inventory } from '../../subgraph.js';
import { resumeStockTakes } from './apply-stock-take.js';
import { publishQuantities } from '../publishing/publish-quantities.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory); });
afterAll(() => subgraph.close());

const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<Json> => {
  const { data, errors } = await subgraph.ask(query, variables);
  expect(errors).toEqual([]);
  return Object.values(data!)[0];
};
const stock = async (skuId: string, onHand: number, locationCode: string): Promise<{ id: string; location: { id: string } }> => (await ask(
  'mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { stockLevel { id location { id } } } }', { input: { skuId, onHand, locationCode, idempotencyKey: newId('req') } })).stockLevel;
const adjust = (skuId: string, locationId: string, onHandBy: number): Promise<Json> => ask(
  'mutation($input: AdjustStockInput!) { adjustStock(input: $input) { userErrors { code } } }', { input: { skuId, locationId, reason: 'RECEIVED', onHandBy, idempotencyKey: newId('req') } });
/** Holds units as an order does. */
const hold = (levelId: string, skuId: string, quantity: number, key: string): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', async (em) => {
  const id = newId('rsv');
  await em.execute("insert into reservation (id, tenant_id, key, state, request_hash) values (?, ?, ?, 'CONFIRMED', '')", [id, TEST_TENANT, key]);
  await em.execute('insert into reservation_line (reservation_id, stock_level_id, tenant_id, sku_id, quantity, open) values (?, ?, ?, ?, ?, ?)', [id, levelId, TEST_TENANT, skuId, quantity, quantity]);
  await em.execute("insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, reserved, reservation_id) select ?, ?, id, version + 1, 'RESERVED', ?, ? from stock_level where id = ?", [newId('mov'), TEST_TENANT, quantity, id, levelId]);
  await em.execute('update stock_level set reserved = reserved + ?, version = version + 1 where id = ?', [quantity, levelId]);
});

const TAKE = 'stockTake { id state counted missing found location { code } } userErrors { code field }';
const open = async (locationId: string): Promise<string> => (await ask(`mutation($input: OpenStockTakeInput!) { openStockTake(input: $input) { ${TAKE} } }`, { input: { locationId, idempotencyKey: newId('req') } })).stockTake.id;
const count = (stockTakeId: string, lines: object[], idempotencyKey: string = newId('req')): Promise<Json> => ask(`mutation($input: CountStockLinesInput!) { countStockLines(input: $input) { ${TAKE} } }`, { input: { stockTakeId, lines, idempotencyKey } });
const close = (stockTakeId: string, idempotencyKey: string = newId('req')): Promise<Json> => ask(`mutation($input: CloseStockTakeInput!) { closeStockTake(input: $input) { ${TAKE} } }`, { input: { stockTakeId, idempotencyKey } });
const levelOf = async (skuId: string): Promise<Json> => (await ask('query($skuIds: [ID!]) { stockLevels(skuIds: $skuIds) { nodes { onHand reserved available deficit holdsToRelease { key quantity } } } }', { skuIds: [skuId] })).nodes[0];

describe('a stock take', () => {
  it('turns each difference into a movement, and lists them', async () => {
    const skus = [newId('sku'), newId('sku'), newId('sku'), newId('sku')];
    const [missing, found, right, unknown] = skus as [string, string, string, string];
    const { location } = await stock(missing, 10, 'take-1');
    await stock(found, 3, 'take-1');
    await stock(right, 7, 'take-1');
    const take = await open(location.id);
    const counted = await count(take, [{ skuId: missing, counted: 8 }, { skuId: found, counted: 4 }, { skuId: right, counted: 7 }, { skuId: unknown, counted: 2 }]);
    expect(counted).toEqual({ stockTake: { id: take, state: 'OPEN', counted: 4, missing: 2, found: 3, location: { code: 'take-1' } }, userErrors: [] });
    expect((await levelOf(missing)).onHand).toBe(10);
    expect((await close(take)).stockTake.state).toBe('CLOSED');
    expect((await Promise.all(skus.map(levelOf))).map(({ onHand }) => onHand)).toEqual([8, 4, 7, 2]);
    const { nodes } = await ask('query($id: ID!) { stockTakeLines(stockTakeId: $id, differing: true) { nodes { sku { id } counted expected difference appliedAt } } }', { id: take });
    expect(Object.fromEntries(nodes.map((line: Json) => [line.sku.id, line.difference]))).toEqual({ [missing]: -2, [found]: 1, [unknown]: 2 });
    const journal = await ask('query($ref: String!) { movements(filter: { reference: $ref }) { nodes { reason onHand actor stockLevel { sku { id } } } } }', { ref: take });
    expect(journal.nodes).toHaveLength(3);
    expect(journal.nodes).toEqual(expect.arrayContaining([{ reason: 'COUNT', onHand: -2, actor: 'stf_test', stockLevel: { sku: { id: missing } } }]));
  });

  it('leaves what came and went between counting and closing', async () => {
    const sku = newId('sku');
    const { location } = await stock(sku, 10, 'take-2');
    const take = await open(location.id);
    await count(take, [{ skuId: sku, counted: 9 }]);
    await adjust(sku, location.id, 5);
    await close(take);
    expect((await levelOf(sku)).onHand).toBe(14);
  });

  it('counts a SKU again in place of its line, and a request again as nothing', async () => {
    const sku = newId('sku');
    const { location } = await stock(sku, 10, 'take-3');
    const take = await open(location.id);
    await count(take, [{ skuId: sku, counted: 5 }], 'first');
    await count(take, [{ skuId: sku, counted: 11 }]);
    expect((await count(take, [{ skuId: sku, counted: 5 }], 'first')).stockTake).toMatchObject({ counted: 1, missing: 0, found: 1 });
    await close(take);
    expect((await levelOf(sku)).onHand).toBe(11);
  });

  it('closes once, goes on with the same key or by itself, and refuses another', async () => {
    const skus = Array.from({ length: 450 }, () => newId('sku'));
    const { location } = await stock(skus[0]!, 5, 'take-4');
    const take = await open(location.id);
    await count(take, skus.map((skuId) => ({ skuId, counted: 3 })));
    // As after a crash behind the first batch.
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update stock_take set state = 'CLOSING', close_key = 'k', closed_by = 'stf_test', changed_at = app_now() - interval '1 minute' where id = ?", [take]));
    await resumeStockTakes(subgraph.deps.database);
    await Promise.all([close(take, 'k'), resumeStockTakes(subgraph.deps.database)]);
    expect((await close(take, 'k')).stockTake).toMatchObject({ state: 'CLOSED', counted: 450 });
    expect((await close(take, 'another')).userErrors).toEqual([{ code: 'STOCK_TAKE_CLOSED', field: ['stockTakeId'] }]);
    expect((await count(take, [{ skuId: skus[0], counted: 1 }])).userErrors[0].code).toBe('STOCK_TAKE_CLOSED');
    const [sums] = await subgraph.rows<{ on_hand: number; movements: number }>(TEST_TENANT, 'select sum(on_hand)::int as on_hand, (select count(*)::int from stock_movement where reference = ?) as movements from stock_level where location_id = ?', [take, location.id]);
    expect(sums).toEqual({ on_hand: 450 * 3, movements: 450 });
  });

  it('that finds less than is held raises a deficit, an alert and the list of orders to release', async () => {
    const sku = newId('sku');
    const { id, location } = await stock(sku, 10, 'take-5');
    const orders = [newId('ord'), newId('ord'), newId('ord')];
    for (const order of orders) await hold(id, sku, 3, order);
    const take = await open(location.id);
    await count(take, [{ skuId: sku, counted: 5 }]);
    await close(take);
    expect(await levelOf(sku)).toEqual({ onHand: 5, reserved: 9, available: 0, deficit: 4, holdsToRelease: [{ key: orders[2], quantity: 3 }, { key: orders[1], quantity: 3 }] });
    const due = (): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('insert into publish_due (tenant_id, sku_id) values (?, ?)', [TEST_TENANT, sku]));
    const exceptions = async (): Promise<Json> => (await ask('query($skuIds: [ID!]) { stockExceptions(filter: { code: STOCK_DEFICIT, skuIds: $skuIds }) { nodes { state location { code } stockLevel { deficit holdsToRelease { order { id } } } } } }', { skuIds: [sku] })).nodes;
    await due();
    await publishQuantities(subgraph.deps.database, TEST_TENANT);
    expect(await exceptions()).toEqual([{ state: 'OPEN', location: { code: 'take-5' }, stockLevel: { deficit: 4, holdsToRelease: [{ order: { id: orders[2] } }, { order: { id: orders[1] } }] } }]);
    const [event] = (await subgraph.recorded('inventory.stock-exception-raised.v1')).filter(({ data }) => data.code === 'STOCK_DEFICIT');
    expect(event?.data).toMatchObject({ skuId: sku, figures: { deficit: 4, orders: `${orders[2]}, ${orders[1]}` } });
    await adjust(sku, location.id, 4);
    await due();
    await publishQuantities(subgraph.deps.database, TEST_TENANT);
    expect(await exceptions()).toEqual([{ state: 'RESOLVED', location: { code: 'take-5' }, stockLevel: { deficit: 0, holdsToRelease: [] } }]);
  });

  it('refuses what cannot be meant, each by its code', async () => {
    const { location } = await stock(newId('sku'), 1, 'take-6');
    const take = await open(location.id);
    const sku = newId('sku');
    const code = async (work: Promise<Json>): Promise<string> => (await work).userErrors[0].code;
    expect(await code(count(take, []))).toBe('TOO_MANY_LINES');
    expect(await code(count(take, [{ skuId: sku, counted: -1 }]))).toBe('QUANTITY_INVALID');
    expect(await code(count(take, [{ skuId: sku, counted: 1 }, { skuId: sku, counted: 2 }]))).toBe('SKU_TWICE');
    expect(await code(count(newId('tak'), [{ skuId: sku, counted: 1 }]))).toBe('STOCK_TAKE_NOT_FOUND');
    expect(await code(close(newId('tak')))).toBe('STOCK_TAKE_NOT_FOUND');
    expect(await code(ask('mutation($input: OpenStockTakeInput!) { openStockTake(input: $input) { userErrors { code } } }', { input: { locationId: newId('loc'), idempotencyKey: newId('req') } }))).toBe('LOCATION_UNKNOWN');
    const cancel = 'mutation($id: ID!) { cancelStockTake(input: { stockTakeId: $id }) { stockTake { state } userErrors { code } } }';
    expect((await ask(cancel, { id: take })).stockTake.state).toBe('CANCELLED');
    expect(await code(close(take))).toBe('STOCK_TAKE_CLOSED');
    const stranger = staffOf('ten_00000000000000000000000008');
    expect((await subgraph.ask(cancel, { id: take }, stranger)).data?.cancelStockTake.userErrors[0].code).toBe('STOCK_TAKE_NOT_FOUND');
    const reader = staffOf(TEST_TENANT, { scopes: ['inventory:read'] });
    expect((await subgraph.ask(cancel, { id: take }, reader)).errors[0]?.code).toBe('FORBIDDEN');
  });

  it('are listed with their sums in two statements, and three with their locations', async () => {
    for (let n = 0; n < 3; n += 1) await open((await stock(newId('sku'), 1, `list-${n}`)).location.id);
    const statements = await subgraph.sql.during(() => ask('{ stockTakes(first: 50) { nodes { id state counted missing found location { code } } } }'));
    expect(statements).toHaveLength(3);
  });
});
