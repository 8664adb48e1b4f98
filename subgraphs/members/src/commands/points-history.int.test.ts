import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, orderPlaced, tenantCreated, type EventDraft, type EventEnvelope } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import fc from 'fast-check';
import { members } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await openTestSubgraph(members);
  await subgraph.deliver(tenantCreated({ tenantId: TEST_TENANT, sequence: 1, data: { tenantId: TEST_TENANT, name: 'Demo', timeZone: 'Asia/Shanghai', baseCurrency: 'CNY' } }));
});
afterAll(() => subgraph.close());

const ORDERS = 5;
const CUSTOMERS = 2;
type Step = { kind: 'placed' | 'confirmed' | 'cancelled' | 'replayed'; order: number };
const history = fc.record({
  totals: fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: ORDERS, maxLength: ORDERS }),
  steps: fc.array(fc.record<Step>({ kind: fc.constantFrom('placed', 'confirmed', 'cancelled', 'replayed'), order: fc.nat({ max: ORDERS - 1 }) }), { minLength: 1, maxLength: 25 }),
  together: fc.boolean(),
});

/** What should come of it, in a few lines: an order earns at its first confirmation and never after a cancellation. */
function expectedPoints(totals: readonly number[], steps: readonly Step[]): number[] {
  const state = totals.map(() => 'BOUND');
  for (const { kind, order } of steps) {
    if (kind === 'cancelled') state[order] = 'CANCELLED';
    if (kind === 'confirmed' && state[order] === 'BOUND') state[order] = 'EARNED';
  }
  return totals.map((total, order) => (state[order] === 'EARNED' ? Math.floor(total / 100) : 0));
}

it('keeps entries, lots and balances equal to the model through any history', async () => {
  await fc.assert(fc.asyncProperty(history, async ({ totals, steps, together }) => {
    const orders = totals.map(() => newId('ord'));
    const run = newId('req');
    const customerOf = (order: number) => ({ externalId: `${run}-${order % CUSTOMERS}`, phoneIndex: null, emailIndex: null, sealed: null });
    const draftOf = ({ kind, order }: Step): EventDraft => {
      const about = { orderId: orders[order]!, connectionId: 'con_a' };
      const amounts = { currency: 'CNY', itemsMinor: totals[order]!, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: false, totalMinor: totals[order]! };
      if (kind === 'placed') return orderPlaced({ tenantId: TEST_TENANT, sequence: 1, data: { ...about, customer: customerOf(order), lines: [] } });
      if (kind === 'confirmed') return orderConfirmed({ tenantId: TEST_TENANT, sequence: 2, data: { ...about, customer: customerOf(order), amounts, paidAt: '2026-01-01T00:00:00Z' } });
      return orderCancelled({ tenantId: TEST_TENANT, sequence: 3, data: { ...about, reason: 'VOIDED', wasConfirmed: true } });
    };
    const delivered: EventEnvelope[] = [];
    for (const step of steps) {
      const event = step.kind === 'replayed'
        ? delivered[step.order % Math.max(1, delivered.length)]
        : { ...draftOf(step), id: newId('evt'), source: 'orders', time: new Date().toISOString(), correlationId: null, causationId: null };
      if (event !== undefined) delivered.push(event);
    }
    if (together) await subgraph.redeliver(...delivered);
    else for (const event of delivered) await subgraph.redeliver(event);

    const expected = expectedPoints(totals, steps);
    const rows = await subgraph.rows<{ external_id: string; entries: string; lots: string; balance: string; version: number; count: number }>(TEST_TENANT,
      `select i.external_id, coalesce(b.balance, 0)::text as balance, coalesce(b.version, 0) as version,
         (select coalesce(sum(points), 0) from points_entry e where e.member_id = i.member_id)::text as entries,
         (select count(*) from points_entry e where e.member_id = i.member_id)::int as count,
         (select coalesce(sum(remaining), 0) from points_lot l where l.member_id = i.member_id)::text as lots
       from member_identity i left join points_balance b on b.member_id = i.member_id where i.external_id like ?`, [`${run}-%`]);
    for (const row of rows) {
      const due = String(expected.reduce((sum, points, order) => (customerOf(order).externalId === row.external_id ? sum + points : sum), 0));
      expect({ ...row, due }).toMatchObject({ entries: due, lots: due, balance: due, version: row.count });
    }
    const inTables = rows.reduce((sum, row) => sum + Number(row.balance), 0);
    expect(inTables).toBe(expected.reduce((sum, points) => sum + points, 0));
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from parked_event')).toEqual([]);
  }), { numRuns: 40 });
}, 120_000);
