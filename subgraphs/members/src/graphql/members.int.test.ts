import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, tenantCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, testVault, type Answer, type TestSubgraph } from '@quanyu/testing';
import { parse, subscribe, type ExecutionResult } from 'graphql';
import { members } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await openTestSubgraph(members);
  await subgraph.deliver(tenantCreated({ tenantId: TEST_TENANT, sequence: 1, data: { tenantId: TEST_TENANT, name: 'Demo', timeZone: 'Asia/Shanghai', baseCurrency: 'CNY' } }));
  subgraph.relayTo([]);
});
afterAll(() => subgraph.close());

const confirmed = async (externalId: string, { connectionId = 'con_a', totalMinor = 1999 } = {}): Promise<string> => {
  const orderId = newId('ord');
  const sealed = testVault().seal(JSON.stringify({ name: '张三丰', phone: '+8613812341234', email: 'bob@example.com' }), { tenantId: TEST_TENANT, row: externalId, field: 'customer' });
  const amounts = { currency: 'CNY', itemsMinor: totalMinor, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: false, totalMinor };
  await subgraph.deliver(orderConfirmed({ tenantId: TEST_TENANT, sequence: 1, data: { orderId, connectionId, customer: { externalId, phoneIndex: null, emailIndex: null, sealed }, amounts, paidAt: new Date().toISOString() } }));
  return orderId;
};
const ORDERS = `query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Order { id pointsEarned member {
  id maskedName maskedPhone maskedEmail createdAt identities { externalId channel { id } } points { balance version lots(first: 2) { points remaining earnedAt expiresAt order { id } } } } } } }`;
interface Lot { points: number; remaining: number; order: { id: string } }
interface Found { id: string; maskedName: string | null; identities: { externalId: string }[]; points: { balance: number; version: number; lots: Lot[] } }
interface Order { pointsEarned: number | null; member: Found | null }
const orders = async (ids: readonly string[], viewer = staffOf(TEST_TENANT)): Promise<Order[]> =>
  (await subgraph.ask(ORDERS, { refs: ids.map((id) => ({ __typename: 'Order', id })) }, viewer)).data?._entities as Order[];
const memberOf = async (orderId: string): Promise<Found> => (await orders([orderId]))[0]!.member!;

describe('an order and its member', () => {
  it('shows member, points and lots masked, for many orders in four statements', async () => {
    const ids = [await confirmed('g-1'), await confirmed('g-1', { totalMinor: 100 }), await confirmed('g-2', { totalMinor: 30_000 })];
    let found: Order[] = [];
    const statements = await subgraph.sql.during(async () => { found = await orders([...ids, newId('ord')]); });
    // Orders with their members, identities, balances, lots.
    expect(statements).toHaveLength(4);
    expect(found.map((order) => order.pointsEarned)).toEqual([19, 1, 300, null]);
    expect(found[3]!.member).toBeNull();
    expect(found[0]!.member).toMatchObject({
      maskedName: '张**', maskedPhone: '138****1234', maskedEmail: 'b***@example.com',
      identities: [{ externalId: 'g-1', channel: { id: 'con_a' } }], points: { balance: 20, version: 2, lots: [{ points: 19, remaining: 19, order: { id: ids[0] } }, { points: 1, remaining: 1, order: { id: ids[1] } }] },
    });
    expect(found[1]!.member!.id).toBe(found[0]!.member!.id);
  });

  it('tells points beyond 32 bits: those of a large order, or of years', async () => {
    const ids = [await confirmed('g-rich', { totalMinor: 300_000_000_000 }), await confirmed('g-rich', { totalMinor: 300_000_000_000 })];
    const [order] = await orders(ids);
    expect(order).toMatchObject({ pointsEarned: 3_000_000_000, member: { points: { balance: 6_000_000_000, lots: [{ points: 3_000_000_000 }, { remaining: 3_000_000_000 }] } } });
  });

  it('asks once when only the order is asked about', async () => {
    const ids = [await confirmed('g-3'), await confirmed('g-4')];
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Order { pointsEarned member { id createdAt } } } }';
    const statements = await subgraph.sql.during(() => subgraph.ask(query, { refs: ids.map((id) => ({ __typename: 'Order', id })) }));
    expect(statements).toHaveLength(1);
  });

  it('shows 0 points once they are taken back', async () => {
    const id = await confirmed('g-5');
    await subgraph.deliver(orderCancelled({ tenantId: TEST_TENANT, sequence: 2, data: { orderId: id, connectionId: 'con_a', reason: 'REFUNDED', wasConfirmed: true } }));
    expect((await orders([id]))[0]).toMatchObject({ pointsEarned: 0, member: { points: { balance: 0, lots: [] } } });
  });
});

const namesIn = (answer: Answer | undefined): string[] => (answer!.data?.members.nodes as Found[]).map((node) => node.identities[0]!.externalId);

describe('members', () => {
  it('pages from new to old in a fixed number of statements', async () => {
    for (let n = 0; n < 5; n += 1) await confirmed(`page-${n}`);
    const query = 'query($first: Int, $after: String) { members(first: $first, after: $after) { nodes { id maskedName points { balance lots { id } } identities { externalId } } totalCount pageInfo { hasNextPage endCursor } } }';
    let first: Answer | undefined;
    // Page, count, identities, balances, lots.
    expect(await subgraph.sql.during(async () => { first = await subgraph.ask(query, { first: 3 }); })).toHaveLength(5);
    expect(namesIn(first)).toEqual(['page-4', 'page-3', 'page-2']);
    const second = await subgraph.ask(query, { first: 2, after: first!.data?.members.pageInfo.endCursor });
    expect(namesIn(second)).toEqual(['page-1', 'page-0']);
    expect((await subgraph.ask('{ members(first: 251) { nodes { id } } }')).errors[0]?.code).toBe('PAGE_SIZE_INVALID');
    expect((await subgraph.ask('{ members { nodes { points { lots(first: 0) { id } } } } }')).errors[0]?.code).toBe('PAGE_SIZE_INVALID');
  });

  it('finds one by id, and refuses ids of another kind', async () => {
    const { id } = await memberOf(await confirmed('one'));
    const ONE = 'query($id: ID!) { member(id: $id) { id } }';
    expect((await subgraph.ask(ONE, { id })).data?.member).toEqual({ id });
    expect((await subgraph.ask(ONE, { id: newId('mem') })).data?.member).toBeNull();
    expect((await subgraph.ask(ONE, { id: newId('ord') })).errors[0]?.code).toBe('INVALID_ID');
  });

  it('shows a viewer of some channels only members whom those know, and only those identities', async () => {
    const hidden = await confirmed('c-hidden', { connectionId: 'con_b' });
    const shown = await confirmed('c-shown', { connectionId: 'con_c' });
    const viewer = staffOf(TEST_TENANT, { channels: ['con_c'] });
    const [hiddenId, shownId] = [(await memberOf(hidden)).id, (await memberOf(shown)).id];
    expect(await orders([hidden, shown], viewer)).toMatchObject([{ member: null, pointsEarned: null }, { member: { id: shownId }, pointsEarned: 19 }]);
    const list = await subgraph.ask('{ members { nodes { id } totalCount } }', {}, viewer);
    expect(list.data?.members).toEqual({ nodes: [{ id: shownId }], totalCount: 1 });
    expect((await subgraph.ask('query($id: ID!) { member(id: $id) { id } }', { id: hiddenId }, viewer)).data?.member).toBeNull();
    expect((await subgraph.ask('{ members { totalCount } }', {}, staffOf(TEST_TENANT, { channels: [] }))).data?.members.totalCount).toBe(0);
  });

  it('shows no tenant the members of another, by no path', async () => {
    const orderId = await confirmed('peek');
    const { id } = await memberOf(orderId);
    const stranger = staffOf('ten_00000000000000000000000008');
    expect((await orders([orderId], stranger))[0]).toMatchObject({ member: null, pointsEarned: null });
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Member { id maskedPhone } } }';
    expect((await subgraph.ask(query, { refs: [{ __typename: 'Member', id }] }, stranger)).data?._entities).toEqual([null]);
    expect((await subgraph.ask('{ members { totalCount } earnRates { currency } }', {}, stranger)).data).toEqual({ members: { totalCount: 0 }, earnRates: [] });
  });

  it('refuses viewers without the scope', async () => {
    const viewer = staffOf(TEST_TENANT, { scopes: ['orders:read'] });
    const orderId = await confirmed('scope');
    for (const query of ['{ members { totalCount } }', `{ member(id: "${newId('mem')}") { id } }`, '{ earnRates { currency } }']) {
      expect((await subgraph.ask(query, {}, viewer)).errors[0]?.code).toBe('FORBIDDEN');
    }
    const refs = (typename: string, id: string) => ({ refs: [{ __typename: typename, id }] });
    expect((await subgraph.ask(ORDERS, refs('Order', orderId), viewer)).errors.map((error) => error.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    const { id } = await memberOf(orderId);
    expect((await subgraph.ask('query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Member { id } } }', refs('Member', id), viewer)).errors[0]?.code).toBe('FORBIDDEN');
  });
});

describe('setEarnRate', () => {
  const SET = 'mutation($input: SetEarnRateInput!) { setEarnRate(input: $input) { earnRate { currency pointsPerMajor } userErrors { code field message retryable } } }';
  const set = async (input: object, viewer = staffOf(TEST_TENANT)) => subgraph.ask(SET, { input: { idempotencyKey: newId('req'), ...input } }, viewer);

  it('counts for later orders and answers a replay with the first result', async () => {
    const input = { currency: 'USD', pointsPerMajor: 7, idempotencyKey: 'usd-7' };
    const first = await set(input);
    expect(first.data?.setEarnRate).toEqual({ earnRate: { currency: 'USD', pointsPerMajor: 7 }, userErrors: [] });
    expect(await set(input)).toEqual(first);
    expect((await set({ ...input, pointsPerMajor: 8 })).errors[0]?.code).toBe('IDEMPOTENCY_KEY_REUSED');
    await set({ currency: 'USD', pointsPerMajor: 9 });
    expect((await subgraph.ask('{ earnRates { currency pointsPerMajor } }')).data?.earnRates).toEqual([{ currency: 'CNY', pointsPerMajor: 1 }, { currency: 'USD', pointsPerMajor: 9 }]);
  });

  it('refuses what is no currency, no rate, or not allowed', async () => {
    expect((await set({ currency: 'XXX', pointsPerMajor: 1 })).data?.setEarnRate).toMatchObject({ earnRate: null, userErrors: [{ code: 'CURRENCY_UNKNOWN', field: ['currency'] }] });
    for (const pointsPerMajor of [0, -1, 10_001]) {
      expect((await set({ currency: 'EUR', pointsPerMajor })).data?.setEarnRate).toMatchObject({ earnRate: null, userErrors: [{ code: 'RATE_INVALID', field: ['pointsPerMajor'] }] });
    }
    expect((await set({ currency: 'EUR', pointsPerMajor: 1 }, staffOf(TEST_TENANT, { scopes: ['members:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
  });
});

describe('pointsChanged', () => {
  const open = async (variables: object, viewer = staffOf(TEST_TENANT)) => await subscribe({
    schema: subgraph.schema, document: parse('subscription($ids: [ID!]) { pointsChanged(memberIds: $ids) { balance version member { id maskedPhone } } }'),
    variableValues: { ...variables }, contextValue: subgraph.contextFor({ viewer, requestId: 'req_x', language: 'en' }),
  });
  type Opened = Awaited<ReturnType<typeof open>>;
  const next = async (stream: Opened) => ((await (stream as AsyncGenerator<ExecutionResult>).next()).value as ExecutionResult).data?.pointsChanged as { member: { id: string } };
  const refusal = (opened: Opened) => (opened as ExecutionResult).errors?.[0];

  it('follows the members that were asked for, in the channels that the viewer sees', async () => {
    const { id } = await memberOf(await confirmed('live'));
    const other = await memberOf(await confirmed('live-other'));
    await subgraph.quiet();
    const mine = await open({ ids: [id] });
    const elsewhere = await open({}, staffOf(TEST_TENANT, { channels: ['con_z'] }));
    await confirmed('live-other');
    await confirmed('live');
    await confirmed('live-z', { connectionId: 'con_z' });
    expect(await next(mine)).toEqual({ balance: 38, version: 2, member: { id, maskedPhone: '138****1234' } });
    expect((await next(elsewhere)).member.id).not.toBe(other.id);
    for (const stream of [mine, elsewhere]) await (stream as AsyncGenerator).return(undefined);
  });

  it('refuses viewers without the scope and ids of another kind', async () => {
    expect(refusal(await open({}, staffOf(TEST_TENANT, { scopes: [] })))?.extensions.code).toBe('FORBIDDEN');
    expect(refusal(await open({ ids: [newId('ord')] }))?.extensions.code).toBe('INVALID_ID');
  });
});
