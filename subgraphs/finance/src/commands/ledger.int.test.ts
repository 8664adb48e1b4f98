import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, pointsEarned, pointsReversed } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import pg from 'pg';
import { finance } from '../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(finance); });
afterAll(() => subgraph.close());

const AMOUNTS = { currency: 'CNY', itemsMinor: 10_000, discountMinor: 1_000, shippingMinor: 500, taxMinor: 700, taxesIncluded: false, totalMinor: 10_200 };
const confirmed = (orderId: string, over: Partial<typeof AMOUNTS> = {}, tenantId = TEST_TENANT) =>
  orderConfirmed({ tenantId, sequence: 2, data: { orderId, connectionId: 'con_a', customer: null, amounts: { ...AMOUNTS, ...over }, paidAt: '2026-01-01T00:00:00Z' } });
const cancelled = (orderId: string) =>
  orderCancelled({ tenantId: TEST_TENANT, sequence: 3, data: { orderId, connectionId: 'con_a', reason: 'CANCELLED_BY_CHANNEL', wasConfirmed: true } });
const aboutPoints = (orderId: string) => ({ memberId: 'mem_x', orderId, connectionId: 'con_a', points: 102, balance: 102, currency: 'CNY', lotId: 'lot_x' });
const earned = (orderId: string) => pointsEarned({ tenantId: TEST_TENANT, sequence: 1, data: aboutPoints(orderId) });
const takenBack = (orderId: string) => pointsReversed({ tenantId: TEST_TENANT, sequence: 2, data: aboutPoints(orderId) });

interface Booked { id: string; kind: string; reverses: string | null; lines: Record<string, number> }
const booked = (orderId: string, tenantId = TEST_TENANT): Promise<Booked[]> => subgraph.rows<Booked>(tenantId,
  `select e.id, e.kind, e.reverses_entry_id as reverses, (select json_object_agg(a.code, p.amount_minor) from posting p join account a on a.id = p.account_id where p.entry_id = e.id) as lines
   from journal_entry e where e.order_id = ? order by e.id`, [orderId]);
const kinds = async (orderId: string) => (await booked(orderId)).map((entry) => entry.kind);
const told = async (orderId: string) => (await subgraph.recorded('finance.journal-entry-posted.v1')).filter((event) => event.data.orderId === orderId);

const ORDER_LINES = { 'channel-receivable': 10_200, 'sales-discount': 1_000, sales: -10_000, 'freight-income': -500, 'tax-payable': -700 };
const undone = (lines: Record<string, number>) => Object.fromEntries(Object.entries(lines).map(([code, minor]) => [code, -minor]));

describe('a confirmed order', () => {
  it('is booked balanced, and told', async () => {
    const orderId = newId('ord');
    const event = await subgraph.deliver(confirmed(orderId));
    const [entry] = await booked(orderId);
    expect(entry).toMatchObject({ kind: 'ORDER_CONFIRMED', reverses: null, lines: ORDER_LINES });
    expect((await told(orderId)).map(({ data }) => data)).toEqual([{
      entryId: entry!.id, sourceEventId: event.id, orderId, connectionId: 'con_a', currency: 'CNY',
      postings: Object.entries(ORDER_LINES).map(([accountCode, amountMinor]) => ({ accountCode, amountMinor })),
    }]);
  });

  it('is booked once, however often and under whatever id the event comes', async () => {
    const orderId = newId('ord');
    const event = await subgraph.deliver(confirmed(orderId));
    await Promise.all([subgraph.redeliver(event), subgraph.redeliver(event, event), subgraph.deliver(confirmed(orderId)), subgraph.deliver(confirmed(orderId))]);
    expect(await kinds(orderId)).toEqual(['ORDER_CONFIRMED']);
    expect(await told(orderId)).toHaveLength(1);
  });

  it('books nothing when it costs nothing, and its cancellation neither', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(confirmed(orderId, { itemsMinor: 500, discountMinor: 500, shippingMinor: 0, taxMinor: 0, totalMinor: 0 }));
    await subgraph.deliver(cancelled(orderId));
    expect(await booked(orderId)).toEqual([]);
    expect(await told(orderId)).toEqual([]);
  });

  it('shows a difference where the channel figures do not add up', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(confirmed(orderId, { totalMinor: 10_150 }));
    expect((await booked(orderId))[0]!.lines).toEqual({ ...ORDER_LINES, 'channel-receivable': 10_150, 'channel-difference': 50 });
  });

  it('lets many first orders of a currency share its accounts', async () => {
    const orders = Array.from({ length: 12 }, () => newId('ord'));
    await Promise.all(orders.map((orderId) => subgraph.deliver(confirmed(orderId, { currency: 'JPY' }))));
    const rows = await subgraph.rows<{ code: string; balance: string }>(TEST_TENANT,
      "select a.code, sum(b.balance_minor)::text as balance from account a join account_balance b on b.account_id = a.id where a.currency = 'JPY' group by a.id, a.code");
    expect(Object.fromEntries(rows.map((row) => [row.code, Number(row.balance)]))).toEqual(Object.fromEntries(Object.entries(ORDER_LINES).map(([code, minor]) => [code, 12 * minor])));
  });
});

describe('a cancelled order', () => {
  it('is reversed once by an entry that names the original', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(confirmed(orderId));
    const event = await subgraph.deliver(cancelled(orderId));
    await Promise.all([subgraph.redeliver(event), subgraph.deliver(cancelled(orderId)), subgraph.deliver(cancelled(orderId))]);
    const [original, reversal, ...more] = await booked(orderId);
    expect(reversal).toMatchObject({ kind: 'ORDER_CONFIRMED_REVERSAL', reverses: original!.id, lines: undone(ORDER_LINES) });
    expect(more).toEqual([]);
    expect(await told(orderId)).toHaveLength(2);
  });

  it('tells the same when the cancellation comes first', async () => {
    const orderId = newId('ord');
    const event = await subgraph.deliver(cancelled(orderId));
    expect(await booked(orderId)).toEqual([]);
    await subgraph.redeliver(await subgraph.deliver(confirmed(orderId)), event);
    expect(await kinds(orderId)).toEqual(['ORDER_CONFIRMED', 'ORDER_CONFIRMED_REVERSAL']);
  });

  it('books nothing when it was never confirmed', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(cancelled(orderId));
    expect(await booked(orderId)).toEqual([]);
  });
});

describe('points', () => {
  it('are owed once, and taken back once, apart from the order itself', async () => {
    const orderId = newId('ord');
    const [one, two] = [await subgraph.deliver(earned(orderId)), await subgraph.deliver(takenBack(orderId))];
    await Promise.all([subgraph.redeliver(one, two), subgraph.deliver(earned(orderId)), subgraph.deliver(takenBack(orderId))]);
    const lines = { 'points-expense': 102, 'points-liability': -102 };
    const entries = await booked(orderId);
    expect(entries).toMatchObject([{ kind: 'POINTS_EARNED', lines }, { kind: 'POINTS_EARNED_REVERSAL', lines: undone(lines), reverses: entries[0]!.id }]);
  });

  it('tell the same in the other order', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(takenBack(orderId));
    await subgraph.deliver(earned(orderId));
    expect(await kinds(orderId)).toEqual(['POINTS_EARNED', 'POINTS_EARNED_REVERSAL']);
  });
});

/** As the role that owns the tables: what even a migration or a person at the console cannot do. */
async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: subgraph.deps.database.orm.config.get('clientUrl')!.replace('_app', '_owner') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

describe('the database', () => {
  const attempt = (...statements: [string, unknown[]][]): Promise<void> =>
    subgraph.deps.database.write(TEST_TENANT, 'test', async (em) => { for (const [sql, params] of statements) await em.execute(sql, params); });
  const entry = (id: string, over: { currency?: string; kind?: string; reverses?: string } = {}): [string, unknown[]] => [
    'insert into journal_entry (id, tenant_id, source_event_id, order_id, connection_id, kind, currency, reverses_entry_id) values (?, ?, ?, ?, ?, ?, ?, ?)',
    [id, TEST_TENANT, newId('evt'), newId('ord'), 'con_a', over.kind ?? 'ORDER_CONFIRMED', over.currency ?? 'CNY', over.reverses ?? null]];
  const posting = (entryId: string, position: number, account: string, minor: number, currency = 'CNY'): [string, unknown[]] => [
    'insert into posting (entry_id, position, tenant_id, account_id, currency, amount_minor) values (?, ?, ?, ?, ?, ?)', [entryId, position, TEST_TENANT, account, currency, minor]];
  const accountOf = async (code: string): Promise<string> => (await subgraph.rows<{ id: string }>(TEST_TENANT, "select id from account where code = ? and currency = 'CNY'", [code]))[0]!.id;

  it('refuses entries that do not balance, are empty, or mix currencies', async () => {
    await subgraph.deliver(confirmed(newId('ord')));
    const [receivable, sales] = [await accountOf('channel-receivable'), await accountOf('sales')];
    const id = newId('jrn');
    await expect(attempt(entry(id), posting(id, 0, receivable, 100), posting(id, 1, sales, -99))).rejects.toThrow(/does not balance/);
    await expect(attempt(entry(id))).rejects.toThrow(/does not balance/);
    await expect(attempt(entry(id), posting(id, 0, receivable, 0))).rejects.toThrow(/amount_minor/);
    await expect(attempt(entry(id, { currency: 'USD' }), posting(id, 0, receivable, 100), posting(id, 1, sales, -100))).rejects.toThrow(/foreign key/);
    await expect(attempt(entry(id, { currency: 'USD' }), posting(id, 0, receivable, 100, 'USD'), posting(id, 1, sales, -100, 'USD'))).rejects.toThrow(/foreign key/);
    await expect(attempt(entry(id, { kind: 'ORDER_CONFIRMED_REVERSAL' }), posting(id, 0, receivable, 100), posting(id, 1, sales, -100))).rejects.toThrow(/reversal_names_its_original/);
    await expect(attempt(entry(id), posting(id, 0, receivable, 100), posting(id, 1, sales, -100))).resolves.toBeUndefined();
    // Adding to an entry of the past is refused, too.
    await expect(attempt(posting(id, 2, receivable, 1))).rejects.toThrow(/does not balance/);
    const reverses = { kind: 'ORDER_CONFIRMED_REVERSAL', reverses: id };
    const [one, two] = [newId('jrn'), newId('jrn')];
    await attempt(entry(one, reverses), posting(one, 0, receivable, -100), posting(one, 1, sales, 100));
    await expect(attempt(entry(two, reverses), posting(two, 0, receivable, -100), posting(two, 1, sales, 100))).rejects.toThrow(/reverses_entry_id/);
  });

  it('lets nobody change what is booked', async () => {
    for (const sql of ['update posting set amount_minor = 1', 'delete from posting', 'update journal_entry set currency = currency', 'delete from journal_entry', 'update account_balance set balance_minor = 0', 'update account set code = code']) {
      await expect(attempt([sql, []])).rejects.toThrow(/permission denied/);
    }
  });

  it('refuses changes from the owner of the tables, too', async () => {
    for (const sql of ['update posting set amount_minor = 1', 'delete from posting', 'truncate posting', 'update journal_entry set currency = currency', 'delete from account']) {
      await expect(asOwner(sql)).rejects.toThrow(/append-only/);
    }
  });

  it('keeps tenants apart', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(confirmed(orderId, {}, OTHER_TENANT));
    expect(await booked(orderId)).toEqual([]);
    expect(await booked(orderId, OTHER_TENANT)).toHaveLength(1);
    expect(await subgraph.rows('', 'select 1 from posting')).toEqual([]);
    const rows = await subgraph.rows<{ balance: string }>(OTHER_TENANT, 'select b.balance_minor as balance from account_balance b join account a on a.id = b.account_id order by a.code');
    expect(rows.map((row) => Number(row.balance))).toEqual([10_200, -500, -10_000, 1_000, -700]);
  });
});
