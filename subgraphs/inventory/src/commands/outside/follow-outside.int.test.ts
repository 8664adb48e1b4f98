import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outsideOrderAcknowledged, outsideStockRead, type EventEnvelope } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { inventory } from '../../subgraph.js';
import { reserveStock } from '../holds/reserve-stock.js';
import { consumeReservation, releaseReservation } from '../holds/settle-reservation.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory); });
afterAll(() => subgraph.close());

const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<Json> => {
  const { data, errors } = await subgraph.ask(query, variables);
  expect(errors).toEqual([]);
  return Object.values(data!)[0];
};
const count = async (skuId: string, onHand: number, locationCode: string): Promise<string> => (await ask(
  'mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { stockLevel { location { id } } } }', { input: { skuId, onHand, locationCode, idempotencyKey: newId('req') } })).stockLevel.location.id;
const AUTHORITY = 'mutation($input: SetStockAuthorityInput!) { setStockAuthority(input: $input) { location { code follows { figure channel { id } } } userErrors { code } } }';

interface Warehouse { readonly locationId: string; readonly connectionId: string }
let made = 0;
const follow = async (figure: 'ON_HAND' | 'AVAILABLE'): Promise<Warehouse> => {
  made += 1;
  const [connectionId, locationId] = [newId('con'), await count(newId('sku'), 0, `outside-${made}`)];
  expect((await ask(AUTHORITY, { input: { locationId, follows: { connectionId, figure } } })).location.follows).toEqual({ figure, channel: { id: connectionId } });
  return { locationId, connectionId };
};
const minute = (n: number): string => new Date(Date.now() + (n - 10) * 60_000).toISOString();
/** Figures that were true at a time: minute 10 is now. */
const told = (at: Warehouse, takenAt: string, ...figures: (readonly [skuId: string, quantity: number])[]): Promise<EventEnvelope> => subgraph.deliver(outsideStockRead({
  tenantId: TEST_TENANT, sequence: 1, data: { ...at, takenAt, figures: figures.map(([skuId, quantity]) => ({ skuId, quantity })) },
}));
const now = (): string => new Date(Date.now() + 50).toISOString();
const acknowledged = (at: Warehouse, orderId: string, acknowledgedAt: string): Promise<EventEnvelope> => subgraph.deliver(outsideOrderAcknowledged({
  tenantId: TEST_TENANT, sequence: 1, data: { connectionId: at.connectionId, orderId, externalOrderId: `SO-${orderId.slice(-4)}`, acknowledgedAt } }));
const order = async (skuId: string, quantity: number): Promise<string> => {
  const key = newId('ord');
  expect((await reserveStock(subgraph.deps.database, { tenantId: TEST_TENANT, key, lines: [{ skuId, quantity }], hold: 'UNTIL_ENDED' })).kind).toBe('held');
  return key;
};
const stock = async (skuId: string): Promise<{ onHand: number; reserved: number; available: number; deficit: number }> => (await ask(
  'query($skuIds: [ID!]) { stockLevels(skuIds: $skuIds) { nodes { onHand reserved available deficit } } }', { skuIds: [skuId] })).nodes[0];
const drifts = async (skuId: string): Promise<Json> => (await ask(
  'query($skuIds: [ID!]) { stockExceptions(filter: { code: STOCK_DRIFT, skuIds: $skuIds }) { nodes { id state driftKind ours theirs } } }', { skuIds: [skuId] })).nodes;

describe('a location that follows a count outside', () => {
  it('takes it over, however often and late it comes', async () => {
    const at = await follow('ON_HAND');
    const sku = newId('sku');
    const old = await told(at, minute(1), [sku, 40]);
    const news = await told(at, minute(2), [sku, 37]);
    await subgraph.redeliver(news, old);
    await told(at, minute(1), [sku, 40]);
    expect(await stock(sku)).toMatchObject({ onHand: 37 });
    await told(at, minute(3), [sku, 37]);
    const [{ reasons }] = (await subgraph.rows<{ reasons: string[] }>(TEST_TENANT, 'select array_agg(m.reason order by sequence) as reasons from stock_movement m join stock_level l on l.id = m.stock_level_id where l.sku_id = ?', [sku])) as [{ reasons: string[] }];
    expect(reasons).toEqual(['SNAPSHOT', 'SNAPSHOT']);
    expect(await drifts(sku)).toEqual([]);
  });

  it('lists what was changed here and is never overwritten unseen, until a person decides', async () => {
    const at = await follow('ON_HAND');
    const [sku, other] = [newId('sku'), newId('sku')];
    await told(at, minute(1), [sku, 40], [other, 5]);
    await ask('mutation($input: AdjustStockInput!) { adjustStock(input: $input) { userErrors { code } } }', { input: { skuId: sku, locationId: at.locationId, reason: 'DAMAGED', onHandBy: -3, idempotencyKey: newId('req') } });
    await told(at, minute(2), [sku, 39], [other, 6]);
    await told(at, minute(3), [sku, 38], [other, 7]);
    expect((await stock(sku)).onHand).toBe(37);
    expect((await stock(other)).onHand).toBe(7);
    const [drift] = await drifts(sku);
    expect(await drifts(sku)).toEqual([{ id: drift.id, state: 'OPEN', driftKind: 'OUTSIDE', ours: 37, theirs: 38 }]);
    const repaired = await ask('mutation($input: RepairStockDriftInput!) { repairStockDrift(input: $input) { stockException { state } userErrors { code } } }', { input: { exceptionId: drift.id, idempotencyKey: newId('req') } });
    expect(repaired).toEqual({ stockException: { state: 'RESOLVED' }, userErrors: [] });
    expect((await stock(sku)).onHand).toBe(38);
    await told(at, minute(4), [sku, 36]);
    expect((await stock(sku)).onHand).toBe(36);
  });

  it('closes a difference by itself when both agree again', async () => {
    const at = await follow('ON_HAND');
    const sku = newId('sku');
    await count(sku, 50, `outside-${made}`);
    await told(at, minute(1), [sku, 48]);
    expect(await drifts(sku)).toMatchObject([{ state: 'OPEN', ours: 50, theirs: 48 }]);
    await told(at, minute(2), [sku, 50]);
    expect(await drifts(sku)).toMatchObject([{ state: 'RESOLVED' }]);
    await told(at, minute(3), [sku, 47]);
    expect(await stock(sku)).toMatchObject({ onHand: 47 });
  });

  it('does not take off twice what was shipped, before or after they counted', async () => {
    const at = await follow('ON_HAND');
    const sku = newId('sku');
    await told(at, minute(1), [sku, 40]);
    const key = await order(sku, 4);
    const before = now();
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    await consumeReservation(subgraph.deps.database, { tenantId: TEST_TENANT, key });
    expect(await stock(sku)).toMatchObject({ onHand: 36, reserved: 0 });
    await told(at, before, [sku, 40]);
    expect(await stock(sku)).toMatchObject({ onHand: 36 });
    await told(at, minute(11), [sku, 35]);
    expect(await stock(sku)).toMatchObject({ onHand: 35 });
    expect(await drifts(sku)).toEqual([]);
  });

  it('that finds less than is held raises a deficit with the orders to release, and covers it when goods come', async () => {
    const at = await follow('ON_HAND');
    const sku = newId('sku');
    await told(at, minute(1), [sku, 10]);
    const orders = [await order(sku, 4), await order(sku, 4)];
    await told(at, minute(2), [sku, 5]);
    expect(await stock(sku)).toEqual({ onHand: 5, reserved: 8, available: 0, deficit: 3 });
    const [event] = (await subgraph.recorded('inventory.stock-deficit-raised.v1')).filter(({ data }) => data.skuId === sku);
    expect(event?.data).toMatchObject({ deficit: 3, holds: [{ key: orders[1], quantity: 4 }] });
    expect((await reserveStock(subgraph.deps.database, { tenantId: TEST_TENANT, key: newId('ord'), lines: [{ skuId: sku, quantity: 1 }] })).kind).toBe('short');
    await told(at, minute(3), [sku, 12]);
    expect(await stock(sku)).toEqual({ onHand: 12, reserved: 8, available: 4, deficit: 0 });
  });

  it('takes no figures of another connection, of an ordinary location or of another tenant', async () => {
    const at = await follow('ON_HAND');
    const sku = newId('sku');
    await told({ ...at, connectionId: newId('con') }, minute(1), [sku, 40]);
    const plain = await count(newId('sku'), 1, 'plain');
    await told({ ...at, locationId: plain }, minute(1), [sku, 40]);
    await subgraph.deliver(outsideStockRead({ tenantId: 'ten_00000000000000000000000008', sequence: 1, data: { ...at, takenAt: minute(1), figures: [{ skuId: sku, quantity: 40 }] } }));
    expect(await stock(sku)).toBeUndefined();
    await ask(AUTHORITY, { input: { locationId: at.locationId, follows: null } });
    await told(at, minute(1), [sku, 40]);
    expect(await stock(sku)).toBeUndefined();
    const stranger = staffOf('ten_00000000000000000000000008');
    expect((await subgraph.ask(AUTHORITY, { input: { locationId: at.locationId, follows: null } }, stranger)).data?.setStockAuthority.userErrors).toEqual([{ code: 'LOCATION_UNKNOWN' }]);
    const some = staffOf(TEST_TENANT, { channels: [newId('con')] });
    expect((await subgraph.ask(AUTHORITY, { input: { locationId: at.locationId, follows: { connectionId: newId('con'), figure: 'ON_HAND' } } }, some)).data?.setStockAuthority.userErrors).toEqual([{ code: 'CHANNEL_NOT_FOUND' }]);
  });

  it('takes a page of SKUs in a number of statements that does not grow', async () => {
    const at = await follow('ON_HAND');
    const statements = async (skus: readonly string[], quantity: number): Promise<number> =>
      (await subgraph.sql.during(() => told(at, minute(quantity), ...skus.map((sku) => [sku, quantity] as const)))).length;
    const [few, many] = [[newId('sku')], Array.from({ length: 300 }, () => newId('sku'))];
    expect(await statements(many, 2)).toBe(await statements(few, 2));
    expect(await stock(many[299]!)).toMatchObject({ onHand: 2 });
  });
});

describe('a location that follows an available figure', () => {
  it('lets a hold stop counting once its order is known outside, and for figures taken from then on alone', async () => {
    const at = await follow('AVAILABLE');
    const sku = newId('sku');
    await told(at, minute(1), [sku, 100]);
    const key = await order(sku, 10);
    expect((await stock(sku)).available).toBe(90);
    // They do not know of it yet: their figure still has the units.
    await told(at, minute(2), [sku, 100]);
    expect((await stock(sku)).available).toBe(90);
    await acknowledged(at, key, minute(4));
    expect((await stock(sku)).available).toBe(90);
    // Taken before they knew, told after: nothing is freed that they still have to take off.
    await told(at, minute(3), [sku, 100]);
    expect((await stock(sku)).available).toBe(90);
    await told(at, minute(5), [sku, 90]);
    expect((await stock(sku)).available).toBe(90);
    await told(at, minute(6), [sku, 88]);
    expect(await stock(sku)).toEqual({ onHand: 98, reserved: 10, available: 88, deficit: 0 });
    expect((await ask('query($keys: [String!]) { reservations(filter: { keys: $keys }) { nodes { state acknowledgements { externalOrderId channel { id } } } } }', { keys: [key] })).nodes)
      .toEqual([{ state: 'HELD', acknowledgements: [{ externalOrderId: `SO-${key.slice(-4)}`, channel: { id: at.connectionId } }] }]);
  });

  it('counts right through shipping, and keeps back what a released order still holds there', async () => {
    const at = await follow('AVAILABLE');
    const sku = newId('sku');
    await told(at, minute(1), [sku, 50]);
    const [shipped, released] = [await order(sku, 5), await order(sku, 7)];
    for (const key of [shipped, released]) await acknowledged(at, key, minute(2));
    await told(at, minute(3), [sku, 38]);
    expect((await stock(sku)).available).toBe(38);
    await consumeReservation(subgraph.deps.database, { tenantId: TEST_TENANT, key: shipped });
    expect(await stock(sku)).toMatchObject({ reserved: 7, available: 38 });
    await told(at, minute(4), [sku, 38]);
    expect((await stock(sku)).available).toBe(38);
    await releaseReservation(subgraph.deps.database, { tenantId: TEST_TENANT, key: released });
    // Not voided there yet.
    await told(at, minute(5), [sku, 38]);
    expect((await stock(sku)).available).toBe(38);
    await told(at, minute(6), [sku, 45]);
    expect(await stock(sku)).toEqual({ onHand: 45, reserved: 0, available: 45, deficit: 0 });
    expect(await drifts(sku)).toEqual([]);
  });

  it('keeps the first acknowledgement, however often and in whatever order it comes', async () => {
    const at = await follow('AVAILABLE');
    const sku = newId('sku');
    await told(at, minute(1), [sku, 20]);
    const key = await order(sku, 3);
    const late = await acknowledged(at, key, minute(5));
    await acknowledged(at, key, minute(2));
    await subgraph.redeliver(late);
    await told(at, minute(3), [sku, 17]);
    expect((await stock(sku)).available).toBe(17);
  });
});
