import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, pointsEarned } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import { graphql, parse, subscribe, type ExecutionResult } from 'graphql';
import { finance } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await openTestSubgraph(finance);
  subgraph.relayTo([]);
});
afterAll(() => subgraph.close());

interface Over { connectionId?: string; currency?: string; tenantId?: string }
const confirmed = async ({ connectionId = 'con_a', currency = 'CNY', tenantId = TEST_TENANT }: Over = {}): Promise<string> => {
  const orderId = newId('ord');
  const amounts = { currency, itemsMinor: 10_000, discountMinor: 1_000, shippingMinor: 500, taxMinor: 0, taxesIncluded: false, totalMinor: 9_500 };
  await subgraph.deliver(orderConfirmed({ tenantId, sequence: 1, data: { orderId, connectionId, customer: null, amounts, paidAt: '2026-01-01T00:00:00Z' } }));
  return orderId;
};
const earned = (orderId: string) => subgraph.deliver(pointsEarned({ tenantId: TEST_TENANT, sequence: 1, data: { memberId: 'mem_x', orderId, connectionId: 'con_a', points: 95, balance: 95, currency: 'CNY', lotId: 'lot_x' } }));
const cancelled = (orderId: string) => subgraph.deliver(orderCancelled({ tenantId: TEST_TENANT, sequence: 2, data: { orderId, connectionId: 'con_a', reason: 'VOIDED', wasConfirmed: true } }));

const ENTRY = 'id kind currency postedAt order { id } reverses { id } postings { account { code name kind } debit { amount currency } credit { amount } }';
const ORDERS = `query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Order { id journalEntries { ${ENTRY} } } } }`;
interface Entry { id: string; kind: string; order: { id: string }; reverses: { id: string } | null; postings: { account: { code: string; name: string } ; debit: { amount: string } | null; credit: { amount: string } | null }[] }
const entriesOf = async (orderIds: readonly string[], viewer = staffOf(TEST_TENANT)): Promise<Entry[][]> => {
  const { data } = await subgraph.ask(ORDERS, { refs: orderIds.map((id) => ({ __typename: 'Order', id })) }, viewer);
  return (data?._entities as { journalEntries: Entry[] }[]).map((order) => order.journalEntries);
};

describe("an order's entries", () => {
  it('come with their lines for many orders in three statements', async () => {
    const orders = [await confirmed(), await confirmed({ currency: 'JPY' }), newId('ord')];
    await earned(orders[0]!);
    await cancelled(orders[0]!);
    let found: Entry[][] = [];
    const statements = await subgraph.sql.during(async () => { found = await entriesOf(orders); });
    // Entries of the orders, entries that are reversed, lines with accounts.
    expect(statements).toHaveLength(3);
    expect(found.map((entries) => entries.map((entry) => entry.kind))).toEqual([['ORDER_CONFIRMED', 'POINTS_EARNED', 'ORDER_CONFIRMED_REVERSAL'], ['ORDER_CONFIRMED'], []]);
    const [booked, , reversal] = found[0]!;
    expect(booked).toMatchObject({
      order: { id: orders[0] }, reverses: null,
      postings: [
        { account: { code: 'channel-receivable', name: 'Receivable from channels', kind: 'ASSET' }, debit: { amount: '95.00', currency: 'CNY' }, credit: null },
        { account: { code: 'sales-discount', kind: 'INCOME' }, debit: { amount: '10.00' }, credit: null },
        { account: { code: 'sales' }, debit: null, credit: { amount: '100.00' } },
        { account: { code: 'freight-income' }, debit: null, credit: { amount: '5.00' } },
      ],
    });
    expect(reversal!.reverses).toEqual({ id: booked!.id });
    expect(reversal!.postings[0]).toMatchObject({ debit: null, credit: { amount: '95.00' } });
    expect(found[1]![0]!.postings[0]).toMatchObject({ debit: { amount: '9500', currency: 'JPY' } });
  });
});

describe('journalEntries', () => {
  it('pages from new to old in a fixed number of statements, of one order when asked', async () => {
    const tenantId = 'ten_00000000000000000000000007';
    const viewer = staffOf(tenantId);
    const orders: string[] = [];
    for (let n = 0; n < 5; n += 1) orders.push(await confirmed({ tenantId }));
    const query = `query($first: Int, $after: String, $filter: JournalEntryFilter) { journalEntries(first: $first, after: $after, filter: $filter) { nodes { ${ENTRY} } totalCount pageInfo { hasNextPage endCursor } } }`;
    const page = async (variables: object) => (await subgraph.ask(query, { ...variables }, viewer)).data?.journalEntries as { nodes: Entry[]; totalCount: number; pageInfo: { endCursor: string } };
    let first: Awaited<ReturnType<typeof page>> | undefined;
    // Page, count, lines.
    expect(await subgraph.sql.during(async () => { first = await page({ first: 3 }); })).toHaveLength(3);
    expect(first!.totalCount).toBe(5);
    const rest = await page({ first: 3, after: first!.pageInfo.endCursor });
    expect([...first!.nodes, ...rest.nodes].map((entry) => entry.order.id)).toEqual(orders.toReversed());
    expect(await page({ filter: { orderId: orders[1] } })).toMatchObject({ totalCount: 1, nodes: [{ order: { id: orders[1] } }] });
    expect((await subgraph.ask(query, { filter: { orderId: newId('sku') } }, viewer)).errors[0]?.code).toBe('INVALID_ID');
    expect((await subgraph.ask(query, { first: 251 }, viewer)).errors[0]?.code).toBe('PAGE_SIZE_INVALID');
  });
});

describe('accounts and the trial balance', () => {
  const ACCOUNTS = '{ accounts { code name kind currency balance { amount currency } } trialBalance { currency debit { amount } credit { amount } balanced } }';
  const tenantId = 'ten_00000000000000000000000006';
  beforeAll(async () => {
    await confirmed({ tenantId, connectionId: 'con_a' });
    await confirmed({ tenantId, connectionId: 'con_b' });
    await confirmed({ tenantId, connectionId: 'con_b', currency: 'KWD' });
  });
  const ask = async (channels: 'all' | string[]) => (await subgraph.ask(ACCOUNTS, {}, staffOf(tenantId, { channels }))).data as { accounts: { code: string; currency: string; balance: { amount: string } }[]; trialBalance: object[] };
  const balance = ({ accounts }: Awaited<ReturnType<typeof ask>>, code: string, currency: string) => accounts.find((account) => account.code === code && account.currency === currency)?.balance.amount;

  it('show balances and the proof, each in one statement', async () => {
    let answer: Awaited<ReturnType<typeof ask>> | undefined;
    // Accounts, balances, trial balance.
    expect(await subgraph.sql.during(async () => { answer = await ask('all'); })).toHaveLength(3);
    expect(answer!.accounts).toHaveLength(8);
    expect([balance(answer!, 'channel-receivable', 'CNY'), balance(answer!, 'sales', 'CNY'), balance(answer!, 'sales', 'KWD')]).toEqual(['190.00', '-200.00', '-10.000']);
    expect(answer!.trialBalance).toEqual([
      { currency: 'CNY', debit: { amount: '210.00' }, credit: { amount: '210.00' }, balanced: true },
      { currency: 'KWD', debit: { amount: '10.500' }, credit: { amount: '10.500' }, balanced: true },
    ]);
  });

  it('count only the channels that the viewer may see', async () => {
    const some = await ask(['con_a']);
    expect([balance(some, 'channel-receivable', 'CNY'), balance(some, 'channel-receivable', 'KWD')]).toEqual(['95.00', '0.000']);
    expect(some.trialBalance).toEqual([{ currency: 'CNY', debit: { amount: '105.00' }, credit: { amount: '105.00' }, balanced: true }]);
    expect((await ask([])).trialBalance).toEqual([]);
  });

  it('are named in the language of the request', async () => {
    const { data } = await graphql({ schema: subgraph.schema, source: '{ accounts { code name } }', contextValue: subgraph.contextFor({ viewer: staffOf(tenantId), requestId: 'req_x', language: 'zh-CN' }) });
    expect(data?.accounts).toContainEqual({ code: 'sales', name: '商品销售收入' });
  });
});

describe('who may see entries', () => {
  it('no viewer without the scope', async () => {
    const viewer = staffOf(TEST_TENANT, { scopes: ['orders:read', 'finance:write'] });
    const orderId = await confirmed();
    for (const query of ['{ journalEntries { totalCount } }', '{ accounts { id } }', '{ trialBalance { currency } }']) {
      expect((await subgraph.ask(query, {}, viewer)).errors[0]?.code).toBe('FORBIDDEN');
    }
    expect((await subgraph.ask(ORDERS, { refs: [{ __typename: 'Order', id: orderId }] }, viewer)).errors[0]?.code).toBe('FORBIDDEN');
    const [[entry]] = await entriesOf([orderId]) as [[Entry]];
    expect((await subgraph.ask(REFERENCE, { refs: [{ __typename: 'JournalEntry', id: entry.id }] }, viewer)).errors[0]?.code).toBe('FORBIDDEN');
  });

  it('no other tenant, and nobody who may not see the channel, by no path', async () => {
    const orderId = await confirmed({ connectionId: 'con_secret' });
    const [[entry]] = await entriesOf([orderId]) as [[Entry]];
    for (const viewer of [staffOf('ten_00000000000000000000000008'), staffOf(TEST_TENANT, { channels: ['con_z'] })]) {
      expect(await entriesOf([orderId], viewer)).toEqual([[]]);
      expect((await subgraph.ask(REFERENCE, { refs: [{ __typename: 'JournalEntry', id: entry.id }] }, viewer)).data?._entities).toEqual([null]);
      expect((await subgraph.ask('{ journalEntries { totalCount } trialBalance { currency } }', {}, viewer)).data).toEqual({ journalEntries: { totalCount: 0 }, trialBalance: [] });
    }
  });
});
const REFERENCE = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on JournalEntry { id postings { debit { amount } } } } }';

describe('journalEntryPosted', () => {
  const open = async (variables: object, viewer = staffOf(TEST_TENANT)) => await subscribe({
    schema: subgraph.schema, document: parse('subscription($codes: [String!]) { journalEntryPosted(accountCodes: $codes) { kind order { id } postings { account { code } } } }'),
    variableValues: { ...variables }, contextValue: subgraph.contextFor({ viewer, requestId: 'req_x', language: 'en' }),
  });
  const next = async (stream: Awaited<ReturnType<typeof open>>) => ((await (stream as AsyncGenerator<ExecutionResult>).next()).value as ExecutionResult).data?.journalEntryPosted as { kind: string; order: { id: string } };
  const refusal = async (stream: ReturnType<typeof open>) => ((await stream) as ExecutionResult).errors?.[0]?.extensions.code;

  it('follows entries on some accounts, in the channels that the viewer sees', async () => {
    await subgraph.quiet();
    const points = await open({ codes: ['points-liability'] });
    const elsewhere = await open({}, staffOf(TEST_TENANT, { channels: ['con_z'] }));
    const orderId = await confirmed();
    await earned(orderId);
    const seen = await confirmed({ connectionId: 'con_z' });
    expect(await next(points)).toMatchObject({ kind: 'POINTS_EARNED', order: { id: orderId } });
    expect(await next(elsewhere)).toMatchObject({ kind: 'ORDER_CONFIRMED', order: { id: seen } });
    for (const stream of [points, elsewhere]) await (stream as AsyncGenerator).return(undefined);
  });

  it('refuses codes that no account has and viewers without the scope', async () => {
    expect(await refusal(open({ codes: ['petty-cash'] }))).toBe('INPUT_INVALID');
    expect(await refusal(open({}, staffOf(TEST_TENANT, { scopes: [] })))).toBe('FORBIDDEN');
  });
});
