import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answer, fetchOpenOrders, InProcessCalls, readOrdersAgain } from '@quanyu/calls';
import { channelConnected, orderReceived } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { orders } from '../../subgraph.js';

const SHOP = newId('con');
let open: string[] = [];
let fails = false;
let again: string[] = [];
const calls = new InProcessCalls();
calls.add([
  answer(fetchOpenOrders, ({ after, changedBefore }) => {
    if (fails) return Promise.reject(new Error('down'));
    expect(Date.now() - Date.parse(changedBefore)).toBeGreaterThan(14 * 60_000);
    const from = after === null ? 0 : Number(after);
    return Promise.resolve({ orders: open.slice(from, from + 3).map((externalOrderId) => ({ externalOrderId, changedAt: changedBefore })), next: from + 3 < open.length ? String(from + 3) : null });
  }),
  answer(readOrdersAgain, ({ externalOrderIds }) => { again.push(...externalOrderIds); return Promise.resolve({ asked: externalOrderIds.length }); }),
]);
let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders, { calls });
  const connected = await subgraph.deliver(channelConnected({ tenantId: TEST_TENANT, sequence: 1, data: { connectionId: SHOP, platform: 'TAOBAO', name: 'x' } }));
  await subgraph.redeliver(connected);
  for (const externalOrderId of ['a', 'b']) {
    await subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: 1, data: {
      connectionId: SHOP, platform: 'TAOBAO', deliveryId: newId('dlv'), externalOrderId, orderNumber: externalOrderId, placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z', paymentState: 'PAID', cancelledAt: null, rawStatus: 'x',
      amounts: { currency: 'CNY', itemsMinor: 1, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: true, totalMinor: 1 }, lines: [], customer: null, sealedShipTo: null } }));
  }
});
afterAll(() => subgraph.close());

const run = async (): Promise<Json> => {
  const job = subgraph.jobs.definitions.find(({ name }) => name === 'orders.reconcile-channel')!;
  again = [];
  await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('update channel_check set next_at = app_now()'));
  for await (const batch of job.due!()) for (const { payload } of batch) await Promise.all([1, 2].map(() => job.run(payload, { signal: AbortSignal.timeout(5_000), attempt: 1 })));
  return (await subgraph.ask('{ channelChecks { channel { id } openCount missingCount severity missing failureCode } }')).data?.channelChecks[0];
};

const gaps = async (): Promise<string[]> => (await subgraph.recorded()).filter(({ type }) => type.startsWith('orders.channel-gap')).map(({ type, data }) => `${type.split('.')[1]} ${data.severity}`);

describe('open orders of a shop against ours', () => {
  it('says what is missing, page by page, and has it read again once', async () => {
    open = ['a', 'b', 'c', 'd'];
    expect(await run()).toEqual({ channel: { id: SHOP }, openCount: 4, missingCount: 2, severity: 'CRITICAL', missing: ['c', 'd'], failureCode: null });
    expect(again).toEqual(['c', 'd']);
    await run();
    expect(await gaps()).toEqual(['channel-gap-found CRITICAL']);
    open = ['a', 'b'];
    expect(await run()).toMatchObject({ openCount: 2, missingCount: 0, severity: 'NONE', missing: [] });
    expect(again).toEqual([]);
    expect(await gaps()).toEqual(['channel-gap-found CRITICAL', 'channel-gap-closed CRITICAL']);
  });

  it('only says so where repair is switched off, and by whoever may', async () => {
    const set = async (viewer = staffOf(TEST_TENANT)): Promise<Json> => (await subgraph.ask('mutation($id: ID!) { setAutoRepair(channelId: $id, on: false) { done userErrors { code } } }', { id: SHOP }, viewer)).data?.setAutoRepair;
    expect(await set(staffOf(TEST_TENANT, { channels: [] }))).toEqual({ done: false, userErrors: [{ code: 'CHANNEL_NOT_FOUND' }] });
    expect(await set()).toEqual({ done: true, userErrors: [] });
    open = Array.from({ length: 25 }, (_, n) => `x${n}`);
    expect(await run()).toMatchObject({ missingCount: 25, severity: 'CRITICAL' });
    expect(again).toEqual([]);
    expect((await subgraph.recorded('orders.channel-gap-found.v1')).at(-1)!.data).toMatchObject({ severity: 'CRITICAL', open: 25, missing: 25, autoRepair: false });
  });

  it('says why it could not look, and looks again later', async () => {
    fails = true;
    expect(await run()).toMatchObject({ failureCode: 'UNANSWERED' });
    fails = false;
    open = ['a'];
    expect(await run()).toMatchObject({ failureCode: null, openCount: 1 });
  });
});
