import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, orderPlaced, tenantCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, testVault, type TestSubgraph } from '@quanyu/testing';
import pg from 'pg';
import { members } from '../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
const CONFIRMED_AT = '2026-01-31T16:00:00.000Z';
let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await openTestSubgraph(members);
  await subgraph.deliver(tenant(TEST_TENANT));
});
afterAll(() => subgraph.close());

const tenant = (tenantId: string, timeZone = 'Asia/Shanghai') =>
  tenantCreated({ tenantId, sequence: 1, data: { tenantId, name: 'Demo', timeZone, baseCurrency: 'CNY' } });
const buyer = (externalId: string, profile: object | null = { name: '张三丰', phone: '+8613812341234', email: 'bob@example.com' }, tenantId = TEST_TENANT) => ({
  externalId, phoneIndex: null, emailIndex: null,
  sealed: profile === null ? null : testVault().seal(JSON.stringify(profile), { tenantId, row: externalId, field: 'customer' }),
});
type Buyer = ReturnType<typeof buyer> | null;
const placed = (orderId: string, customer: Buyer, connectionId = 'con_a', tenantId = TEST_TENANT) =>
  orderPlaced({ tenantId, sequence: 1, data: { orderId, connectionId, customer, lines: [] } });
const confirmed = (orderId: string, customer: Buyer, over: { totalMinor?: number; currency?: string; tenantId?: string } = {}) => {
  const { totalMinor = 1999, currency = 'CNY', tenantId = TEST_TENANT } = over;
  const amounts = { currency, itemsMinor: totalMinor, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: false, totalMinor };
  return orderConfirmed({ tenantId, sequence: 2, data: { orderId, connectionId: 'con_a', customer, amounts, paidAt: CONFIRMED_AT } });
};
const cancelled = (orderId: string, tenantId = TEST_TENANT) =>
  orderCancelled({ tenantId, sequence: 3, data: { orderId, connectionId: 'con_a', reason: 'CANCELLED_BY_CHANNEL', wasConfirmed: true } });

const earningOf = async (orderId: string, tenantId = TEST_TENANT) => (await subgraph.rows<{ state: string; points: string; member_id: string | null }>(
  tenantId, 'select state, points, member_id from order_earning where order_id = ?', [orderId]))[0];
const balanceOf = async (memberId: string, tenantId = TEST_TENANT) =>
  Number((await subgraph.rows<{ balance: string }>(tenantId, 'select balance from points_balance where member_id = ?', [memberId]))[0]?.balance ?? 0);
const told = async (orderId: string) => (await subgraph.recorded()).filter((event) => event.data.orderId === orderId);

describe('binding an order to its buyer', () => {
  it('makes one member for a customer, however many orders come at once', async () => {
    const orders = Array.from({ length: 12 }, () => newId('ord'));
    await Promise.all(orders.map((orderId) => subgraph.deliver(placed(orderId, buyer('c-parallel')))));
    const owners = await Promise.all(orders.map(async (orderId) => (await earningOf(orderId))?.member_id));
    expect(new Set(owners).size).toBe(1);
    const orphans = await subgraph.rows(TEST_TENANT, 'select id from member m where not exists (select 1 from member_identity i where i.member_id = m.id)');
    expect(orphans).toEqual([]);
  });

  it('takes the same customer id of another channel for somebody else, for now', async () => {
    const [a, b] = [newId('ord'), newId('ord')];
    await subgraph.deliver(placed(a, buyer('c-two')));
    await subgraph.deliver(placed(b, buyer('c-two'), 'con_b'));
    expect((await earningOf(a))!.member_id).not.toBe((await earningOf(b))!.member_id);
  });

  it('makes no member for a buyer whom the channel does not name, and earns nothing', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(placed(orderId, null));
    await subgraph.deliver(confirmed(orderId, null));
    await subgraph.deliver(cancelled(orderId));
    expect(await earningOf(orderId)).toEqual({ state: 'CANCELLED', points: '0', member_id: null });
    expect(await told(orderId)).toEqual([]);
  });

  it('keeps the newest profile, sealed under its own row', async () => {
    const at = (time: string) => ({ time });
    const [first, second] = [newId('ord'), newId('ord')];
    await subgraph.deliver(placed(first, buyer('c-moved', { name: '李四', phone: '+8613900000002', email: null })), at('2026-02-02T00:00:00Z'));
    await subgraph.deliver(placed(second, buyer('c-moved', { name: '李四', phone: '+8613900000001', email: null })), at('2026-02-01T00:00:00Z'));
    const read = async () => (await subgraph.rows<{ id: string; sealed_profile: string }>(TEST_TENANT, "select id, sealed_profile from member_identity where external_id = 'c-moved'"))[0]!;
    const open = ({ id, sealed_profile }: { id: string; sealed_profile: string }) => JSON.parse(testVault().open(sealed_profile, { tenantId: TEST_TENANT, row: id, field: 'profile' }));
    expect(open(await read()).phone).toBe('+8613900000002');
    await subgraph.deliver(confirmed(second, buyer('c-moved', { name: '李四', phone: '+8613900000003', email: null })), at('2026-02-03T00:00:00Z'));
    expect(open(await read()).phone).toBe('+8613900000003');
  });

  it('keeps no clear personal data in any table', async () => {
    await subgraph.deliver(placed(newId('ord'), buyer('c-bird', { name: 'Canary Bird', phone: '+8613777777777', email: 'canary@example.com' })));
    for (const table of ['member', 'member_identity', 'order_earning', 'outbox', 'inbox', 'parked_event']) {
      expect(JSON.stringify(await subgraph.rows(TEST_TENANT, `select t::text from ${table} t`))).not.toMatch(/canary|13777777777/i);
    }
  });
});

describe('earning', () => {
  it('gives points for the total, tells it, and lets them live to the end of a month', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(placed(orderId, buyer('c-earn')));
    await subgraph.deliver(confirmed(orderId, buyer('c-earn')), { time: CONFIRMED_AT });
    const { member_id: memberId, ...earning } = (await earningOf(orderId))!;
    expect(earning).toEqual({ state: 'EARNED', points: '19' });
    const [lot] = await subgraph.rows<{ id: string }>(TEST_TENANT, "select id, points, remaining, to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as over from points_lot where order_id = ?", [orderId]);
    expect(lot).toMatchObject({ points: '19', remaining: '19', over: '2027-02-28 16:00' });
    expect((await told(orderId)).map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'members.points-earned.v1', data: { memberId, orderId, connectionId: 'con_a', points: 19, balance: 19, currency: 'CNY', lotId: lot!.id } },
    ]);
  });

  it('earns once when the event comes again, alone, in parallel or under another id', async () => {
    const orderId = newId('ord');
    const event = await subgraph.deliver(confirmed(orderId, buyer('c-again')));
    await Promise.all([subgraph.redeliver(event), subgraph.redeliver(event, event), subgraph.deliver(confirmed(orderId, buyer('c-again'))), subgraph.deliver(confirmed(orderId, buyer('c-again')))]);
    expect(await balanceOf((await earningOf(orderId))!.member_id!)).toBe(19);
    expect(await told(orderId)).toHaveLength(1);
  });

  it('earns without having heard of the order before, and binds it', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(confirmed(orderId, buyer('c-early')));
    await subgraph.deliver(placed(orderId, buyer('c-early')));
    expect(await earningOf(orderId)).toMatchObject({ state: 'EARNED', points: '19' });
  });

  it('earns nothing in a currency without a rate, nor for less than a point', async () => {
    const [foreign, small] = [newId('ord'), newId('ord')];
    await subgraph.deliver(confirmed(foreign, buyer('c-usd'), { currency: 'USD' }));
    await subgraph.deliver(confirmed(small, buyer('c-usd'), { totalMinor: 99 }));
    expect(await earningOf(foreign)).toMatchObject({ state: 'EARNED', points: '0' });
    expect([...await told(foreign), ...await told(small)]).toEqual([]);
  });

  it('counts the events of a member upwards', async () => {
    const orders = Array.from({ length: 8 }, () => newId('ord'));
    await Promise.all(orders.map((orderId) => subgraph.deliver(confirmed(orderId, buyer('c-many')))));
    const memberId = (await earningOf(orders[0]!))!.member_id!;
    const { rows } = await subgraph.deps.database.system.query("select sequence, data->>'balance' as balance from outbox where subject = $1 order by sequence", [memberId]);
    expect(rows.map((row) => [Number(row.sequence), Number(row.balance)])).toEqual(orders.map((_, n) => [n + 1, (n + 1) * 19]));
    expect(await balanceOf(memberId)).toBe(8 * 19);
  });
});

describe('taking back', () => {
  it('reverses what was earned, once', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(confirmed(orderId, buyer('c-back')));
    const event = await subgraph.deliver(cancelled(orderId));
    await Promise.all([subgraph.redeliver(event), subgraph.deliver(cancelled(orderId))]);
    const { member_id: memberId } = (await earningOf(orderId))!;
    expect(await balanceOf(memberId!)).toBe(0);
    expect((await told(orderId)).map(({ type, data }) => [type, data.points, data.balance])).toEqual([
      ['members.points-earned.v1', 19, 19], ['members.points-reversed.v1', 19, 0],
    ]);
  });

  it('lets nothing be earned after the cancellation, even when that came first; the order keeps its member', async () => {
    const orderId = newId('ord');
    await subgraph.deliver(cancelled(orderId));
    await subgraph.deliver(confirmed(orderId, buyer('c-late')));
    const earning = (await earningOf(orderId))!;
    expect(earning).toMatchObject({ state: 'CANCELLED', points: '0' });
    expect(earning.member_id).not.toBeNull();
    expect(await told(orderId)).toEqual([]);
  });
});

describe('a new tenant', () => {
  it('gets the default rate once; a rate that was set stays', async () => {
    const rates = () => subgraph.rows(OTHER_TENANT, 'select currency, points_per_major from earn_rate');
    await subgraph.deps.database.write(OTHER_TENANT, 'test', (em) => em.execute("insert into earn_rate (tenant_id, currency, points_per_major) values (?, 'CNY', 7)", [OTHER_TENANT]));
    const event = await subgraph.deliver(tenant(OTHER_TENANT, 'UTC'));
    await subgraph.redeliver(event);
    await subgraph.deliver(tenant(OTHER_TENANT, 'UTC'));
    expect(await rates()).toEqual([{ currency: 'CNY', points_per_major: 7 }]);
  });

  it('lives by its own rate and calendar, on its own rows', async () => {
    const orderId = newId('ord');
    const customer = buyer('c-earn', { name: 'Bob', phone: null, email: null }, OTHER_TENANT);
    await subgraph.deliver(confirmed(orderId, customer, { tenantId: OTHER_TENANT }), { time: CONFIRMED_AT });
    expect(await earningOf(orderId)).toBeUndefined();
    expect(await earningOf(orderId, OTHER_TENANT)).toMatchObject({ points: '139' });
    const [lot] = await subgraph.rows<{ over: string }>(OTHER_TENANT, "select to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD') as over from points_lot where order_id = ?", [orderId]);
    expect(lot?.over).toBe('2027-02-01');
    expect(await subgraph.rows('', 'select id from member')).toEqual([]);
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
  const refused = (sql: string, params: unknown[] = []) =>
    expect(subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(sql, params))).rejects;

  it('lets nobody change an entry, a lot or a balance by hand', async () => {
    await subgraph.deliver(confirmed(newId('ord'), buyer('c-hand')));
    for (const sql of ['update points_entry set points = 1', 'delete from points_entry', 'update points_lot set remaining = 1', 'update points_balance set balance = 1000000', 'delete from points_balance']) {
      await refused(sql).toThrow(/permission denied/);
    }
  });

  it('lets not even the owner of the tables change an entry', async () => {
    for (const sql of ['update points_entry set points = 1', 'delete from points_entry', 'truncate points_entry']) {
      await expect(asOwner(sql)).rejects.toThrow(/append-only/);
    }
  });

  it('refuses to take more than there is, and a lot of somebody else', async () => {
    const [mine, other] = [newId('ord'), newId('ord')];
    await subgraph.deliver(confirmed(mine, buyer('c-mine')));
    await subgraph.deliver(confirmed(other, buyer('c-other')));
    const [lot] = await subgraph.rows<{ id: string; member_id: string }>(TEST_TENANT, 'select id, member_id from points_lot where order_id = ?', [mine]);
    const stranger = (await earningOf(other))!.member_id;
    const ENTRY = "insert into points_entry (tenant_id, member_id, lot_id, order_id, kind, points) values (?, ?, ?, ?, 'REVERSE', ?)";
    await refused(ENTRY, [TEST_TENANT, lot!.member_id, lot!.id, newId('ord'), -20]).toThrow(/balance_never_negative|lot_never_overdrawn/);
    await refused(ENTRY, [TEST_TENANT, stranger, lot!.id, newId('ord'), -5]).toThrow(/lot of another member/);
  });
});
