import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { connectChannel, openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { bridge } from '../../subgraph.js';
import { fetchBills } from './fetch-bills.js';

let subgraph: TestSubgraph;
let sandbox: Sandbox;
let shops: Shops;
let stage: Stage;
let connectionId: string;
let count = 0;

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  stage = STAGES['ALIPAY']!();
  sandbox = await startSandbox([stage.platform]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  count += 1;
  connectionId = (await connectChannel(subgraph, { platform: 'ALIPAY', shopDomain: `20210000000${String(10_000 + count)}`, idempotencyKey: `bills-${count}` }, stage)).id;
  await sql("update sync_stream set cursor_at = '2026-02-28T00:00:00Z' where connection_id = ?");
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const sql = (statement: string): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(statement, [connectionId]));
/** Five past ten in Beijing, so many days after the first of March. */
const at = (days: number): Date => new Date(Date.parse('2026-03-01T02:05:00Z') + days * 86_400_000);
const fetch = async (days: number): Promise<void> => {
  await sql('update sync_stream set next_at = app_now() where connection_id = ?');
  await fetchBills(subgraph.deps, shops, { tenantId: TEST_TENANT, connectionId }, at(days));
};
const line = (n: number, amountMinor = 8550) => ({ paymentId: `pay${count}${n}`, refundId: null, amountMinor, feeMinor: 51 });
const told = async (): Promise<Json[]> => (await subgraph.recorded('bridge.bill-fetched.v1')).filter(({ data }) => data.connectionId === connectionId).map(({ data }) => data);

describe('the bills of a payment platform', () => {
  it('are fetched day by day, kept once and told with their sums; the graph lists them', async () => {
    stage.bill!('2026-03-01', [line(1), { ...line(1, -3990), refundId: `rfd${count}`, feeMinor: 0 }]);
    stage.bill!('2026-03-02', [line(2)]);
    await Promise.all([fetch(2), fetch(2)]);
    await fetch(2);
    expect(await told()).toEqual([
      { billId: expect.stringMatching(/^bil_/), connectionId, platform: 'ALIPAY', day: '2026-03-01', rowCount: 2, totals: [{ currency: 'CNY', paidMinor: 8550, refundedMinor: 3990, feeMinor: 51 }] },
      { billId: expect.stringMatching(/^bil_/), connectionId, platform: 'ALIPAY', day: '2026-03-02', rowCount: 1, totals: [{ currency: 'CNY', paidMinor: 8550, refundedMinor: 0, feeMinor: 51 }] },
    ]);
    expect(await subgraph.rows(TEST_TENANT, 'select r.kind, r.payment_id, r.refund_id, r.amount_minor::int as amount from bill_row r join bill b on b.id = r.bill_id where b.connection_id = ? order by b.day, r.n', [connectionId])).toEqual([
      { kind: 'PAYMENT', payment_id: `pay${count}1`, refund_id: null, amount: 8550 }, { kind: 'REFUND', payment_id: `pay${count}1`, refund_id: `rfd${count}`, amount: -3990 }, { kind: 'PAYMENT', payment_id: `pay${count}2`, refund_id: null, amount: 8550 },
    ]);
    const { data } = await subgraph.ask('query($id: ID!) { channel(id: $id) { bills { day rowCount totals { paid { amount currency } refunded { amount } fee { amount } } } } }', { id: connectionId });
    expect(data!['channel'].bills).toEqual([
      { day: '2026-03-02', rowCount: 1, totals: [{ paid: { amount: '85.50', currency: 'CNY' }, refunded: { amount: '0.00' }, fee: { amount: '0.51' } }] },
      { day: '2026-03-01', rowCount: 2, totals: [{ paid: { amount: '85.50', currency: 'CNY' }, refunded: { amount: '39.90' }, fee: { amount: '0.51' } }] },
    ]);
  });

  it('that are not there yet are waited for, and a day without one counts as empty after three', async () => {
    await fetch(1);
    expect(await told()).toEqual([]);
    stage.bill!('2026-03-02', [line(3)]);
    await fetch(2);
    expect(await told()).toEqual([]);
    await fetch(5);
    expect((await told()).map(({ day }) => day)).toEqual(['2026-03-02']);
  });

  it('that do not add up, or burst, are not kept, and a person hears of it', async () => {
    stage.bill!('2026-03-01', [line(4)]);
    stage.spoilBill!('2026-03-01', Buffer.from('<html>'));
    for (let n = 0; n < 3; n += 1) await fetch(1);
    expect([await told(), await subgraph.rows(TEST_TENANT, 'select code, state from alert where subject_id = ?', [connectionId])]).toEqual([[], [{ code: 'BILL_MISSING', state: 'OPEN' }]]);
    stage.bill!('2026-03-01', [line(4)]);
    await fetch(1);
    expect([(await told()).length, await subgraph.rows(TEST_TENANT, 'select code, state from alert where subject_id = ?', [connectionId])]).toEqual([1, [{ code: 'BILL_MISSING', state: 'RESOLVED' }]]);
  });
});
