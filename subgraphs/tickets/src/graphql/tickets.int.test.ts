import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderChanged } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Answer, type TestSubgraph } from '@quanyu/testing';
import { Viewer } from '@quanyu/viewer';
import { tickets } from '../subgraph.js';

const STRANGER = staffOf('ten_00000000000000000000000002');
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(tickets); });
afterAll(() => subgraph.close());

type Json = NonNullable<Answer['data']>;
const TICKET = 'ticket { id kind status subject version order { id } member { id } assignee { id } availableActions { action enabled reason } } userErrors { code field message retryable }';
const tell = async (mutation: 'createTicket' | 'moveTicket', input: object, viewer?: Viewer): Promise<Json> => {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const answer = await subgraph.ask(`mutation($input: ${type}) { ${mutation}(input: $input) { ${TICKET} } }`, { input }, viewer);
  return answer.data?.[mutation] ?? { errors: answer.errors.map(({ code }) => code) };
};
const create = (over: object = {}, viewer?: Viewer) => tell('createTicket', { kind: 'COMPLAINT', subject: 'Lid broken', idempotencyKey: newId('req'), ...over }, viewer);
const changed = (orderId: string, connectionId: string, sequence = 1) => orderChanged({ tenantId: TEST_TENANT, sequence, data: { orderId, connectionId, status: 'TO_SHIP' } });
const anOrder = async (connectionId: string = newId('con')): Promise<string> => {
  const orderId = newId('ord');
  await subgraph.deliver(changed(orderId, connectionId));
  return orderId;
};

describe('what is known of orders', () => {
  it('is the same after the event comes again, late, or out of order', async () => {
    const [orderId, connectionId] = [newId('ord'), newId('con')];
    const second = await subgraph.deliver(changed(orderId, connectionId, 2));
    const first = await subgraph.deliver(changed(orderId, connectionId, 1));
    await Promise.all([subgraph.redeliver(second, first), subgraph.redeliver(first)]);
    expect(await subgraph.rows(TEST_TENANT, 'select connection_id from known_order where order_id = ?', [orderId])).toEqual([{ connection_id: connectionId }]);
  });
});

describe('createTicket', () => {
  it('opens a ticket about an order and a member, once, and tells it without a word of its subject', async () => {
    const [orderId, memberId] = [await anOrder(), newId('mem')];
    const input = { kind: 'EXCHANGE', subject: 'Call me: 13812341234', orderId, memberId, idempotencyKey: 'open-1' };
    const { ticket, userErrors } = await create(input);
    expect(userErrors).toEqual([]);
    expect(ticket).toMatchObject({ kind: 'EXCHANGE', status: 'OPEN', subject: 'Call me: 13812341234', version: 1, order: { id: orderId }, member: { id: memberId }, assignee: null });
    expect((await create(input)).ticket.id).toBe(ticket.id);
    expect((await create({ ...input, subject: 'Other' })).errors).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    const told = (await subgraph.recorded('tickets.ticket-created.v1')).filter((event) => event.subject === ticket.id);
    expect(told.map(({ data }) => data)).toEqual([{ ticketId: ticket.id, orderId, kind: 'EXCHANGE' }]);
    const stored = await Promise.all(['ticket', 'outbox', 'idempotency_key'].map((table) => subgraph.rows(TEST_TENANT, `select * from ${table}`)));
    expect(JSON.stringify(stored)).not.toContain('13812341234');
  });

  it('seals a subject for its own row: moved to another it does not open', async () => {
    const [{ ticket: one }, { ticket: two }] = [await create(), await create()];
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('update ticket set sealed_subject = (select sealed_subject from ticket where id = ?) where id = ?', [one.id, two.id]));
    const { data, errors } = await subgraph.ask('query($id: ID!) { ticket(id: $id) { subject } }', { id: two.id });
    expect(data?.ticket).toBeNull();
    expect(errors).toHaveLength(1);
  });

  it.each([
    ['SUBJECT_INVALID', { subject: ' ' }],
    ['SUBJECT_INVALID', { subject: 'x'.repeat(2001) }],
    ['ORDER_NOT_FOUND', { orderId: newId('ord') }],
  ])('refuses with %s', async (code, over) => {
    expect(await create(over)).toMatchObject({ ticket: null, userErrors: [{ code }] });
  });

  it('refuses orders of others, orders out of sight, and who lacks the scope', async () => {
    const orderId = await anOrder();
    expect(await create({ orderId }, STRANGER)).toMatchObject({ userErrors: [{ code: 'ORDER_NOT_FOUND', retryable: true }] });
    expect(await create({ orderId }, staffOf(TEST_TENANT, { channels: [newId('con')] }))).toMatchObject({ userErrors: [{ code: 'ORDER_NOT_FOUND' }] });
    expect((await create({}, staffOf(TEST_TENANT, { scopes: ['tickets:read'] }))).errors).toEqual(['FORBIDDEN']);
    expect((await create({ orderId: newId('sku') })).errors).toEqual(['INVALID_ID']);
  });
});

describe('a ticket about an order that is on its way to us', () => {
  it('is refused at first, and opened by the same request later', async () => {
    const input = { orderId: newId('ord'), idempotencyKey: 'early-1' };
    expect(await create(input)).toMatchObject({ userErrors: [{ code: 'ORDER_NOT_FOUND', retryable: true }] });
    await subgraph.deliver(changed(input.orderId, newId('con')));
    expect(await create(input)).toMatchObject({ ticket: { order: { id: input.orderId } }, userErrors: [] });
  });
});

describe('moveTicket', () => {
  it('goes the whole way, and gives the ticket to who starts it', async () => {
    const { ticket } = await create();
    let seen = ticket;
    for (const [action, status] of [['START', 'IN_PROGRESS'], ['ASK_CUSTOMER', 'AWAITING_CUSTOMER'], ['RESUME', 'IN_PROGRESS'], ['RESOLVE', 'RESOLVED'], ['REOPEN', 'IN_PROGRESS'], ['CLOSE', 'CLOSED']]) {
      expect(seen.availableActions.find((available: { action: string }) => available.action === action)).toEqual({ action, enabled: true, reason: null });
      const { ticket: moved, userErrors } = await tell('moveTicket', { ticketId: ticket.id, action, expectedVersion: seen.version });
      expect(userErrors).toEqual([]);
      expect(moved).toMatchObject({ status, version: seen.version + 1, assignee: { id: 'stf_test' } });
      seen = moved;
    }
    expect(seen.availableActions.filter((available: { enabled: boolean }) => available.enabled)).toEqual([]);
  });

  it('refuses moves that the status does not allow, and says so beforehand', async () => {
    const { ticket } = await create();
    const [refusal] = (await tell('moveTicket', { ticketId: ticket.id, action: 'RESOLVE' })).userErrors;
    expect(refusal).toMatchObject({ code: 'MOVE_NOT_ALLOWED', field: ['action'] });
    expect(ticket.availableActions).toContainEqual({ action: 'RESOLVE', enabled: false, reason: refusal.message });
  });

  it('lets one of two who move at once win', async () => {
    const { ticket } = await create();
    const results = await Promise.all([1, 2, 3].map(() => tell('moveTicket', { ticketId: ticket.id, action: 'START', expectedVersion: 1 })));
    expect(results.flatMap(({ userErrors }) => userErrors.map((error: { code: string }) => error.code))).toEqual(['VERSION_CONFLICT', 'VERSION_CONFLICT']);
  });

  it('refuses tickets that are not there, of others, out of sight, and who lacks the scope', async () => {
    const { ticket } = await create({ orderId: await anOrder() });
    const start = (viewer?: Viewer, ticketId: string = ticket.id) => tell('moveTicket', { ticketId, action: 'START' }, viewer);
    const NOT_FOUND = { ticket: null, userErrors: [{ code: 'TICKET_NOT_FOUND' }] };
    expect(await start(undefined, newId('tkt'))).toMatchObject(NOT_FOUND);
    expect(await start(STRANGER)).toMatchObject(NOT_FOUND);
    expect(await start(staffOf(TEST_TENANT, { channels: [newId('con')] }))).toMatchObject(NOT_FOUND);
    const reader = staffOf(TEST_TENANT, { scopes: ['tickets:read'] });
    expect((await start(reader)).errors).toEqual(['FORBIDDEN']);
    const { data } = await subgraph.ask('query($id: ID!) { ticket(id: $id) { status availableActions { enabled reason } } }', { id: ticket.id }, reader);
    expect(data?.ticket.status).toBe('OPEN');
    expect(data?.ticket.availableActions).toEqual(Array.from({ length: 6 }, () => ({ enabled: false, reason: 'Your role does not allow this.' })));
  });
});

describe('reading', () => {
  it("asks once for many orders' tickets", async () => {
    const orders = [await anOrder(), await anOrder(), await anOrder()];
    for (const orderId of orders.slice(0, 2)) for (const subject of ['first', 'second']) await create({ orderId, subject });
    let answer: Answer | undefined;
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Order { tickets { subject order { id } } } } }';
    const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask(query, { refs: orders.map((id) => ({ __typename: 'Order', id })) }); });
    expect(answer?.data?._entities).toEqual(orders.map((id, index) => ({ tickets: index === 2 ? [] : ['first', 'second'].map((subject) => ({ subject, order: { id } })) })));
    expect(statements).toHaveLength(1);
  });

  it('filters, and shows only the channels in sight and tickets without an order', async () => {
    const tenantOnly = newId('mem');
    const [mine, other] = [newId('con'), newId('con')];
    const [seenOrder, hiddenOrder] = [await anOrder(mine), await anOrder(other)];
    for (const orderId of [seenOrder, hiddenOrder, null]) await create({ orderId, memberId: tenantOnly });
    const agent = staffOf(TEST_TENANT, { channels: [mine] });
    const list = async (filter: object, viewer?: Viewer): Promise<Json> =>
      (await subgraph.ask('query($filter: TicketFilterInput) { tickets(filter: $filter) { totalCount nodes { id order { id } status } } }', { filter }, viewer)).data?.tickets;
    expect((await list({ memberId: tenantOnly })).totalCount).toBe(3);
    const seen = await list({ memberId: tenantOnly }, agent);
    expect([seen.totalCount, seen.nodes.map((node: { order: unknown }) => node.order)]).toEqual([2, [null, { id: seenOrder }]]);
    expect((await list({ orderId: hiddenOrder }, agent)).nodes).toEqual([]);
    const [{ id: ticketId }] = seen.nodes;
    await tell('moveTicket', { ticketId, action: 'CLOSE' });
    expect((await list({ memberId: tenantOnly, statuses: ['CLOSED'] }, agent)).nodes).toEqual([{ id: ticketId, order: null, status: 'CLOSED' }]);
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Order { tickets { id } } } }';
    expect((await subgraph.ask(query, { refs: [{ __typename: 'Order', id: hiddenOrder }] }, agent)).data?._entities).toEqual([{ tickets: [] }]);
  });

  it('shows nothing to another tenant, and nothing without the scope', async () => {
    const { ticket } = await create();
    expect((await subgraph.ask('query($id: ID!) { ticket(id: $id) { id } tickets { nodes { id } totalCount } }', { id: ticket.id }, STRANGER)).data).toEqual({ ticket: null, tickets: { nodes: [], totalCount: 0 } });
    const refs = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Ticket { subject } ... on Order { tickets { id } } } }';
    expect((await subgraph.ask(refs, { refs: [{ __typename: 'Ticket', id: ticket.id }] }, STRANGER)).data?._entities).toEqual([null]);
    const blind = staffOf(TEST_TENANT, { scopes: ['orders:read'] });
    for (const ref of [{ __typename: 'Ticket', id: ticket.id }, { __typename: 'Order', id: newId('ord') }]) expect((await subgraph.ask(refs, { refs: [ref] }, blind)).errors[0]?.code).toBe('FORBIDDEN');
    expect((await subgraph.ask('{ tickets { nodes { id } } }', {}, Viewer.anonymous)).errors[0]?.code).toBe('UNAUTHENTICATED');
  });
});
