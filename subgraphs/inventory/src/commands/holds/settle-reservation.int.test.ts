import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { latePaymentRefused, stockReleased } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT as tenantId, type Json, type TestSubgraph } from '@quanyu/testing';
import { inventory } from '../../subgraph.js';
import { changeStock } from '../levels/change-stock.js';
import { confirmReservation } from './confirm-reservation.js';
import { ensureLocation } from '../levels/ensure-location.js';
import { reserveStock } from './reserve-stock.js';
import { consumeReservation, extendReservation, releaseReservation } from './settle-reservation.js';
import { sweepLapsed } from './sweep-stock.js';

const START = Date.parse('2026-11-11T00:00:00Z');
const MINUTE = 60_000;
let now = START;
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory, { clock: () => new Date(now) }); });
afterAll(() => subgraph.close());

const db = () => subgraph.deps.database;
const stocked = async (onHand: number): Promise<string> => {
  const skuId = newId('sku');
  await db().write(tenantId, 'test', async (em) => {
    const { id: locationId } = await ensureLocation(em, tenantId, 'main');
    await changeStock(em, { tenantId, changes: [{ skuId, locationId, reason: 'COUNT', onHand: { to: onHand } }] });
  });
  return skuId;
};
const hold = (skuId: string, quantity = 1, over: object = {}) => {
  const key = newId('ord');
  return reserveStock(db(), { tenantId, key, lines: [{ skuId, quantity }], tells: 'held', ...over }).then((outcome) => ({ key, outcome }));
};
const order = (key: string) => ({ tenantId, key });
const levelOf = async (skuId: string) => (await subgraph.rows<Json>(tenantId, 'select on_hand, reserved, deficit, lapsed_units(id) as lapsed from stock_level where sku_id = ?', [skuId]))[0];
const stateOf = async (key: string) => (await subgraph.rows<Json>(tenantId, 'select state, end_reason, expires_at is null as endless from reservation where key = ?', [key]))[0];
const told = async (key: string, type: string) => (await subgraph.recorded(type)).filter((event) => event.subject === key);
const availableOf = async (skuId: string): Promise<number> =>
  (await subgraph.ask('query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Sku { stock { available } } } }', { refs: [{ __typename: 'Sku', id: skuId }] })).data!._entities[0].stock.available;

describe('a hold with an end', () => {
  it('ends after 15 minutes, or when it was told to, and counts for nobody from then on, without a sweeper', async () => {
    now = START;
    const skuId = await stocked(2);
    const { outcome } = await hold(skuId, 2);
    expect(outcome).toMatchObject({ kind: 'held', state: 'HELD', expiresAt: new Date(START + 15 * MINUTE) });
    expect(await availableOf(skuId)).toBe(0);
    now = START + 15 * MINUTE;
    expect(await availableOf(skuId)).toBe(2);
    expect((await hold(skuId, 2, { hold: 30 })).outcome).toMatchObject({ kind: 'held', expiresAt: new Date(now + 30 * MINUTE) });
    expect(await levelOf(skuId)).toEqual({ on_hand: 2, reserved: 2, deficit: 0, lapsed: 0 });
  });

  it('is given back by whoever asks for the same SKU, also where it holds others too', async () => {
    now = START;
    const [a, b] = [await stocked(1), await stocked(1)];
    const key = newId('ord');
    await reserveStock(db(), { tenantId, key, lines: [{ skuId: a, quantity: 1 }, { skuId: b, quantity: 1 }], tells: 'held' });
    now = START + 16 * MINUTE;
    expect((await hold(a)).outcome.kind).toBe('held');
    expect(await stateOf(key)).toMatchObject({ state: 'EXPIRED', end_reason: 'EXPIRED' });
    // Its other line is not looked at before somebody wants that SKU, and promises nothing meanwhile.
    expect(await levelOf(b)).toMatchObject({ reserved: 1, lapsed: 1 });
    expect((await hold(b)).outcome.kind).toBe('held');
    expect(await told(key, stockReleased.type)).toMatchObject([{ data: { orderId: key, reason: 'EXPIRED' } }]);
  });

  it('is told by the sweeper where nobody asks', async () => {
    now = START;
    const skuId = await stocked(3);
    const held = [await hold(skuId), await hold(skuId), await hold(skuId)];
    now = START + 16 * MINUTE;
    await sweepLapsed(db());
    expect(await levelOf(skuId)).toMatchObject({ reserved: 0, lapsed: 0 });
    for (const { key } of held) expect(await told(key, stockReleased.type)).toHaveLength(1);
  });

  it('is given more time once, while a payment is in progress, and at most five minutes', async () => {
    now = START;
    const skuId = await stocked(1);
    const { key } = await hold(skuId);
    now = START + 14 * MINUTE;
    expect(await extendReservation(db(), { ...order(key), minutes: 6 })).toMatchObject({ kind: 'refused', code: 'QUANTITY_INVALID' });
    expect(await extendReservation(db(), order(key))).toMatchObject({ kind: 'done', replay: false, expiresAt: new Date(START + 20 * MINUTE) });
    expect(await extendReservation(db(), order(key))).toMatchObject({ kind: 'done', replay: true, expiresAt: new Date(START + 20 * MINUTE) });
    now = START + 19 * MINUTE;
    expect((await hold(skuId)).outcome.kind).toBe('short');
    now = START + 21 * MINUTE;
    expect(await extendReservation(db(), order(key))).toMatchObject({ kind: 'done', replay: true });
    expect((await hold(skuId)).outcome.kind).toBe('held');
    expect(await extendReservation(db(), order(key))).toMatchObject({ kind: 'refused', code: 'RESERVATION_EXPIRED' });
  });

  it('cannot be given more time after its end', async () => {
    now = START;
    const { key } = await hold(await stocked(1));
    now = START + 16 * MINUTE;
    expect(await extendReservation(db(), order(key))).toMatchObject({ kind: 'refused', code: 'RESERVATION_EXPIRED' });
  });
});

describe('a payment', () => {
  it('takes the end away, once', async () => {
    now = START;
    const skuId = await stocked(1);
    const { key } = await hold(skuId);
    expect(await confirmReservation(db(), order(key))).toMatchObject({ kind: 'done', state: 'CONFIRMED', expiresAt: null, replay: false });
    expect(await confirmReservation(db(), order(key))).toMatchObject({ kind: 'done', replay: true });
    now = START + 60 * MINUTE;
    expect((await hold(skuId)).outcome.kind).toBe('short');
  });

  it('that comes after the end holds again where there is enough', async () => {
    now = START;
    const skuId = await stocked(2);
    const { key } = await hold(skuId);
    now = START + 16 * MINUTE;
    await sweepLapsed(db());
    expect(await stateOf(key)).toMatchObject({ state: 'EXPIRED' });
    expect(await confirmReservation(db(), order(key))).toMatchObject({ kind: 'done', state: 'CONFIRMED' });
    expect(await levelOf(skuId)).toMatchObject({ reserved: 1 });
    expect(await stateOf(key)).toMatchObject({ state: 'CONFIRMED', endless: true });
  });

  it('that comes after the end finds its hold as long as nobody else wanted it', async () => {
    now = START;
    const skuId = await stocked(1);
    const { key } = await hold(skuId);
    now = START + 16 * MINUTE;
    expect(await confirmReservation(db(), order(key))).toMatchObject({ kind: 'done', state: 'CONFIRMED', replay: false });
    expect(await levelOf(skuId)).toMatchObject({ reserved: 1, lapsed: 0 });
  });

  it('that comes when others have it is to be refunded, with the reason, told once', async () => {
    now = START;
    const skuId = await stocked(1);
    const { key } = await hold(skuId);
    now = START + 16 * MINUTE;
    const other = await hold(skuId);
    expect(other.outcome.kind).toBe('held');
    expect(await confirmReservation(db(), order(key))).toEqual({ kind: 'refund', reason: 'SOLD_OUT' });
    // Even when there is stock again: the money is on its way back.
    await releaseReservation(db(), order(other.key));
    expect(await confirmReservation(db(), order(key))).toEqual({ kind: 'refund', reason: 'SOLD_OUT' });
    const events = await told(key, latePaymentRefused.type);
    expect(events).toHaveLength(1);
    expect(latePaymentRefused.schema.parse(events[0]!.data)).toMatchObject({ orderId: key, reason: 'SOLD_OUT' });
    expect(await levelOf(skuId)).toMatchObject({ reserved: 0 });
  });

  it('for an order that was cancelled is to be refunded, whichever came first to be done', async () => {
    now = START;
    for (let n = 0; n < 20; n += 1) {
      const skuId = await stocked(1);
      const { key } = await hold(skuId);
      const [paid] = await Promise.all(n % 2 === 0
        ? [confirmReservation(db(), order(key)), releaseReservation(db(), { ...order(key), reason: 'ORDER_CANCELLED' })]
        : [releaseReservation(db(), { ...order(key), reason: 'ORDER_CANCELLED' }).then(() => confirmReservation(db(), order(key)))]);
      expect(await stateOf(key)).toMatchObject({ state: 'RELEASED', end_reason: 'ORDER_CANCELLED' });
      expect(await levelOf(skuId)).toMatchObject({ reserved: 0 });
      if (paid.kind === 'refund') expect(await told(key, latePaymentRefused.type)).toMatchObject([{ data: { reason: 'ORDER_CANCELLED' } }]);
      else expect(paid).toMatchObject({ kind: 'done', state: 'CONFIRMED' });
    }
  });

  it('that races the end of its hold has it or not, and nobody else has it too', async () => {
    for (let n = 0; n < 20; n += 1) {
      now = START;
      const skuId = await stocked(1);
      const { key } = await hold(skuId);
      now = START + 15 * MINUTE;
      const [paid, { outcome: other }] = await Promise.all([confirmReservation(db(), order(key)), hold(skuId)]);
      expect([paid.kind, other.kind].sort()).toEqual(paid.kind === 'done' ? ['done', 'short'] : ['held', 'refund']);
      expect(await levelOf(skuId)).toMatchObject({ reserved: 1 });
    }
  });

  it('for nothing that is held is refused', async () => {
    expect(await confirmReservation(db(), order(newId('ord')))).toMatchObject({ kind: 'refused', code: 'RESERVATION_UNKNOWN' });
  });
});

describe('shipping', () => {
  it('takes the goods away, whole or in parts, each part once', async () => {
    now = START;
    const skuId = await stocked(9);
    const { key } = await hold(skuId, 5);
    await confirmReservation(db(), order(key));
    const parcel = (reference: string, quantity: number) => consumeReservation(db(), { ...order(key), part: { reference, lines: [{ skuId, quantity }] } });
    expect(await parcel('p1', 2)).toMatchObject({ kind: 'done', state: 'CONFIRMED', replay: false });
    expect(await parcel('p1', 2)).toMatchObject({ kind: 'done', replay: true });
    expect(await levelOf(skuId)).toMatchObject({ on_hand: 7, reserved: 3 });
    expect(await parcel('p2', 4)).toMatchObject({ kind: 'refused', code: 'TOO_MANY' });
    expect(await releaseReservation(db(), { ...order(key), part: { reference: 'r1', lines: [{ skuId, quantity: 1 }] } })).toMatchObject({ kind: 'done', state: 'CONFIRMED' });
    expect(await consumeReservation(db(), order(key))).toMatchObject({ kind: 'done', state: 'CONSUMED' });
    expect(await consumeReservation(db(), order(key))).toMatchObject({ kind: 'done', state: 'CONSUMED', replay: true });
    expect(await levelOf(skuId)).toEqual({ on_hand: 5, reserved: 0, deficit: 0, lapsed: 0 });
    expect(await releaseReservation(db(), order(key))).toMatchObject({ kind: 'refused', code: 'ALREADY_SHIPPED' });
  });

  it('is refused for what a count did not find, and for what was given back', async () => {
    now = START;
    const skuId = await stocked(3);
    const { key } = await hold(skuId, 3);
    await db().write(tenantId, 'test', async (em) => {
      const { id: locationId } = await ensureLocation(em, tenantId, 'main');
      expect(await changeStock(em, { tenantId, changes: [{ skuId, locationId, reason: 'COUNT', onHand: { to: 1 } }] })).toMatchObject([{ kind: 'changed', deficit: 2 }]);
    });
    expect(await consumeReservation(db(), order(key))).toMatchObject({ kind: 'refused', code: 'NOT_ON_HAND' });
    await releaseReservation(db(), order(key));
    expect(await levelOf(skuId)).toEqual({ on_hand: 1, reserved: 0, deficit: 0, lapsed: 0 });
    expect(await consumeReservation(db(), order(key))).toMatchObject({ kind: 'refused', code: 'RESERVATION_ENDED' });
  });
});
