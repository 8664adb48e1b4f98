import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, pointsEarned, pointsReversed, type EventDraft, type EventEnvelope } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import fc from 'fast-check';
import { finance } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(finance); });
afterAll(() => subgraph.close());

const ORDERS = 4;
const minor = fc.integer({ min: -50_000, max: 5_000_000 });
const amounts = fc.record({
  currency: fc.constantFrom('CNY', 'USD', 'JPY'), itemsMinor: minor, discountMinor: minor, shippingMinor: minor, taxMinor: minor, taxesIncluded: fc.boolean(),
  totalMinor: fc.oneof({ weight: 4, arbitrary: minor }, { weight: 1, arbitrary: fc.constant(0) }),
});
type Step = { kind: 'confirmed' | 'cancelled' | 'earned' | 'takenBack' | 'replayed'; order: number };
const step = fc.record<Step>({ kind: fc.constantFrom('confirmed', 'cancelled', 'earned', 'takenBack', 'replayed'), order: fc.nat({ max: ORDERS - 1 }) });
const history = fc.record({
  orders: fc.array(amounts, { minLength: ORDERS, maxLength: ORDERS }),
  steps: fc.array(step, { minLength: 1, maxLength: 25 }),
  how: fc.constantFrom('one by one', 'together', 'in parallel'),
});

/** What should stand on the receivable of each order: its total when it was confirmed and not cancelled, in any order. */
const receivable = (steps: readonly Step[], order: number, total: number): number => {
  const came = (kind: Step['kind']): boolean => steps.some((one) => one.kind === kind && one.order === order);
  return came('confirmed') && !came('cancelled') ? total : 0;
};

const OFF_BALANCE = `select entry_id from posting group by entry_id having sum(amount_minor) <> 0 or count(*) < 2`;
const OFF_ACCOUNT = `select a.id from account a
  where (select coalesce(sum(p.amount_minor), 0) from posting p where p.account_id = a.id) <> (select coalesce(sum(b.balance_minor), 0) from account_balance b where b.account_id = a.id)`;

it('keeps every entry at zero and every balance at the sum of its postings through any history', async () => {
  await fc.assert(fc.asyncProperty(history, async ({ orders, steps, how }) => {
    const ids = orders.map(() => newId('ord'));
    const draftOf = ({ kind, order }: Step): EventDraft => {
      const about = { orderId: ids[order]!, connectionId: `con_${order % 2}` };
      const points = { ...about, memberId: 'mem_x', lotId: 'lot_x', points: 7 + order, balance: 0, currency: orders[order]!.currency };
      if (kind === 'confirmed') return orderConfirmed({ tenantId: TEST_TENANT, sequence: 1, data: { ...about, customer: null, amounts: orders[order]!, paidAt: '2026-01-01T00:00:00Z' } });
      if (kind === 'cancelled') return orderCancelled({ tenantId: TEST_TENANT, sequence: 2, data: { ...about, reason: 'REFUNDED', wasConfirmed: true } });
      return (kind === 'earned' ? pointsEarned : pointsReversed)({ tenantId: TEST_TENANT, sequence: 1, data: points } as never);
    };
    const events: EventEnvelope[] = [];
    for (const one of steps) {
      const event = one.kind === 'replayed'
        ? events[one.order % Math.max(1, events.length)]
        : { ...draftOf(one), id: newId('evt'), source: 'test', time: new Date().toISOString(), correlationId: null, causationId: null };
      if (event !== undefined) events.push(event);
    }
    if (how === 'together') await subgraph.redeliver(...events);
    else if (how === 'in parallel') await Promise.all(events.map((event) => subgraph.redeliver(event)));
    else for (const event of events) await subgraph.redeliver(event);

    expect(await subgraph.rows(TEST_TENANT, OFF_BALANCE)).toEqual([]);
    expect(await subgraph.rows(TEST_TENANT, OFF_ACCOUNT)).toEqual([]);
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from parked_event')).toEqual([]);
    for (const [order, orderId] of ids.entries()) {
      const rows = await subgraph.rows<{ kind: string; code: string; sum: string }>(TEST_TENANT,
        "select coalesce(sum(p.amount_minor), 0)::text as sum from journal_entry e join posting p on p.entry_id = e.id join account a on a.id = p.account_id where e.order_id = ? and a.code = 'channel-receivable'", [orderId]);
      expect(Number(rows[0]!.sum)).toBe(receivable(steps, order, orders[order]!.totalMinor));
    }
  }), { numRuns: 40 });
}, 120_000);
