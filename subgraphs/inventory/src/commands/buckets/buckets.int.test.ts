import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT as tenantId, type Json, type TestSubgraph } from '@quanyu/testing';
import { inventory } from '../../subgraph.js';
import { closeBucket, fillBucket, openBucket } from './buckets.js';
import { changeStock } from '../levels/change-stock.js';
import { confirmReservation } from '../holds/confirm-reservation.js';
import { ensureLocation } from '../levels/ensure-location.js';
import { reserveStock } from '../holds/reserve-stock.js';
import { releaseReservation } from '../holds/settle-reservation.js';
import { returnEndedBuckets, sweepLapsed } from '../holds/sweep-stock.js';

const START = Date.parse('2026-11-11T00:00:00Z');
const MINUTE = 60_000;
let now = START;
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory, { clock: () => new Date(now) }); });
afterAll(() => subgraph.close());

const db = () => subgraph.deps.database;
/** A SKU with so many units, of which some are set aside for an activity. */
async function activity(onHand: number, aside: number, over: { perMemberLimit?: number; startsAt?: Date; endsAt?: Date } = {}): Promise<{ skuId: string; bucket: string; locationId: string }> {
  const skuId = newId('sku');
  const bucket = `live-${skuId.slice(-8)}`;
  const locationId = await db().write(tenantId, 'test', async (em) => {
    const { id } = await ensureLocation(em, tenantId, 'main');
    await changeStock(em, { tenantId, changes: [{ skuId, locationId: id, reason: 'COUNT', onHand: { to: onHand } }] });
    await openBucket(em, { tenantId, bucket, name: 'Live room', perMemberLimit: over.perMemberLimit ?? null, startsAt: over.startsAt ?? null, endsAt: over.endsAt ?? null });
    expect(await fillBucket(em, { tenantId, bucket, actor: 'stf_test', moves: [{ skuId, locationId: id, quantity: aside }] })).toMatchObject([{ kind: 'changed' }]);
    return id;
  });
  return { skuId, bucket, locationId };
}
const buy = (skuId: string, bucket: string | undefined, quantity = 1, over: object = {}) => {
  const key = newId('req');
  return reserveStock(db(), { tenantId, key, lines: [{ skuId, quantity }], bucket, ...over }).then((outcome) => Object.assign(outcome, { key }));
};
const levels = (skuId: string) => subgraph.rows<Json>(tenantId, "select case bucket when 'MAIN' then 'MAIN' else 'ASIDE' end as bucket, on_hand, reserved from stock_level where sku_id = ? order by 1 desc", [skuId]);

describe('units set aside for an activity', () => {
  it('are sold by it alone, and the rest by everybody', async () => {
    const { skuId, bucket } = await activity(10, 4);
    expect(await levels(skuId)).toEqual([{ bucket: 'MAIN', on_hand: 6, reserved: 0 }, { bucket: 'ASIDE', on_hand: 4, reserved: 0 }]);
    expect(await buy(skuId, bucket, 5)).toMatchObject({ kind: 'short', shortages: [{ skuId, asked: 5, available: 4 }] });
    expect(await buy(skuId, bucket, 4)).toMatchObject({ kind: 'held' });
    expect(await buy(skuId, undefined, 7)).toMatchObject({ kind: 'short', shortages: [{ available: 6 }] });
    expect(await levels(skuId)).toEqual([{ bucket: 'MAIN', on_hand: 6, reserved: 0 }, { bucket: 'ASIDE', on_hand: 4, reserved: 4 }]);
  });

  it('are no more than what is free', async () => {
    const { skuId, bucket, locationId } = await activity(10, 4);
    await buy(skuId, undefined, 5);
    const moves = await db().write(tenantId, 'test', (em) => fillBucket(em, { tenantId, bucket, actor: 'stf_test', moves: [{ skuId, locationId, quantity: 2 }, { skuId, locationId, quantity: 1 }] }));
    expect(moves).toMatchObject([{ kind: 'refused', code: 'NOT_ENOUGH_FREE', field: 'quantity' }, { kind: 'changed' }]);
  });

  it('are sold between its start and its end only, and what is left returns', async () => {
    now = START;
    const { skuId, bucket } = await activity(10, 4, { startsAt: new Date(START + MINUTE), endsAt: new Date(START + 60 * MINUTE) });
    expect(await buy(skuId, bucket)).toMatchObject({ kind: 'refused', code: 'BUCKET_CLOSED' });
    now = START + MINUTE;
    const held = await buy(skuId, bucket, 1, { hold: 120 });
    expect(held.kind).toBe('held');
    now = START + 60 * MINUTE;
    expect(await buy(skuId, bucket)).toMatchObject({ kind: 'refused', code: 'BUCKET_CLOSED' });
    await returnEndedBuckets(db());
    expect(await levels(skuId)).toEqual([{ bucket: 'MAIN', on_hand: 9, reserved: 0 }, { bucket: 'ASIDE', on_hand: 1, reserved: 1 }]);
    await releaseReservation(db(), { tenantId, key: held.key });
    await returnEndedBuckets(db());
    await returnEndedBuckets(db());
    expect(await levels(skuId)).toEqual([{ bucket: 'MAIN', on_hand: 10, reserved: 0 }, { bucket: 'ASIDE', on_hand: 0, reserved: 0 }]);
  });

  it('return at once when somebody ends it', async () => {
    now = START;
    const { skuId, bucket } = await activity(10, 4);
    await buy(skuId, bucket, 1);
    await db().write(tenantId, 'test', (em) => closeBucket(em, { tenantId, bucket, actor: 'stf_test' }));
    expect(await levels(skuId)).toEqual([{ bucket: 'MAIN', on_hand: 9, reserved: 0 }, { bucket: 'ASIDE', on_hand: 1, reserved: 1 }]);
    expect(await buy(skuId, bucket)).toMatchObject({ kind: 'refused', code: 'BUCKET_CLOSED' });
  });

  it('are refused of an activity that nobody opened', async () => {
    const { skuId } = await activity(10, 4);
    expect(await buy(skuId, 'never-opened')).toMatchObject({ kind: 'refused', code: 'BUCKET_CLOSED' });
  });
});

describe('a limit for each member', () => {
  it('counts what a member holds, in one ask or many, also in the same batch', async () => {
    now = START;
    const { skuId, bucket } = await activity(100, 50, { perMemberLimit: 2 });
    const [a, b] = [newId('mem'), newId('mem')];
    const outcomes = await Promise.all([a, b, a, a, b, a].map((memberId) => buy(skuId, bucket, 1, { memberId })));
    expect(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind))).toEqual(['held', 'held', 'held', 'MEMBER_LIMIT', 'held', 'MEMBER_LIMIT']);
    expect(await buy(skuId, bucket, 3, { memberId: newId('mem') })).toMatchObject({ kind: 'refused', code: 'MEMBER_LIMIT' });
    expect(await buy(skuId, undefined, 3, { memberId: a })).toMatchObject({ kind: 'held' });
  });

  it('gives room again for what was given back or has lapsed, and not for what was bought', async () => {
    now = START;
    const { skuId, bucket } = await activity(100, 50, { perMemberLimit: 1 });
    const memberId = newId('mem');
    const first = await buy(skuId, bucket, 1, { memberId });
    await releaseReservation(db(), { tenantId, key: first.key });
    const second = await buy(skuId, bucket, 1, { memberId });
    expect(second.kind).toBe('held');
    now = START + 16 * MINUTE;
    await sweepLapsed(db());
    const third = await buy(skuId, bucket, 1, { memberId });
    expect(third.kind).toBe('held');
    await confirmReservation(db(), { tenantId, key: third.key });
    expect(await buy(skuId, bucket, 1, { memberId })).toMatchObject({ kind: 'refused', code: 'MEMBER_LIMIT' });
    // The second was paid after all, too late: the member has one already.
    expect(await confirmReservation(db(), { tenantId, key: second.key })).toEqual({ kind: 'refund', reason: 'MEMBER_LIMIT' });
  });
});

describe('ten times more buyers than units', () => {
  it('get an answer each, and the units go to those who came first', async () => {
    now = START;
    const { skuId, bucket } = await activity(100, 50);
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => buy(skuId, bucket)));
    expect(outcomes.slice(0, 50).every(({ kind }) => kind === 'held')).toBe(true);
    expect(outcomes.slice(50).every(({ kind }) => kind === 'short')).toBe(true);
  });
});
