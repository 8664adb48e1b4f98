import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventParked, eventReplayed, orderExceptionRaised, orderExceptionRaised2, orderExceptionResolved } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { execute, parse, subscribe, type ExecutionResult } from 'graphql';
import { bridge } from '../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());

interface Exception { readonly exceptionId: string; readonly orderId: string; readonly connectionId: string; readonly code: 'UNKNOWN_SKU' | 'STOCK_SHORT' }
const exception = (over: Partial<Exception> = {}): Exception => ({ exceptionId: newId('exc'), orderId: newId('ord'), connectionId: newId('con'), code: 'UNKNOWN_SKU', ...over });
const raised = (data: Exception, tenantId = TEST_TENANT) => orderExceptionRaised({ tenantId, sequence: 1, data: { ...data, subjects: ['QY-1', 'variant:7'] } });
const resolved = (data: Exception) => orderExceptionResolved({ tenantId: TEST_TENANT, sequence: 2, data });

const ALERTS = 'query($state: AlertState, $first: Int) { alerts(filter: { state: $state }, first: $first) { totalCount nodes { id code severity state message subjectKind subjectId count resolvedAt order { id } } } }';
const alertsOf = async (orderId: string): Promise<Json[]> =>
  (await subgraph.ask(ALERTS, { first: 250 })).data?.alerts.nodes.filter((alert: Json) => alert.subjectId === orderId);
const told = async (alertId: string): Promise<Json[]> => (await subgraph.recorded('bridge.alert-raised.v1')).filter((event) => event.subject === alertId);

describe('an exception of an order', () => {
  it('opens an alert, is told once, and closes it when it is resolved', async () => {
    const cause = exception();
    await subgraph.deliver(raised(cause));
    const [alert] = await alertsOf(cause.orderId);
    expect(alert).toMatchObject({ code: 'UNKNOWN_SKU', severity: 'WARNING', state: 'OPEN', subjectKind: 'ORDER', count: 1, order: { id: cause.orderId }, message: expect.stringContaining('QY-1, variant:7') });
    expect(await told(alert.id)).toMatchObject([{ data: { code: 'UNKNOWN_SKU', subject: cause.orderId, connectionId: cause.connectionId } }]);
    await subgraph.deliver(resolved(cause));
    expect(await alertsOf(cause.orderId)).toMatchObject([{ id: alert.id, state: 'RESOLVED', resolvedAt: expect.any(String) }]);
  });

  it('is alerted by its second version too, and left to the work list where this release has no words for it', async () => {
    const cause = { ...exception(), code: 'PRICE_BELOW_FLOOR', subjects: ['MUG x 1: 49.99 < 50.00 CNY'] };
    const event = await subgraph.deliver(orderExceptionRaised2({ tenantId: TEST_TENANT, sequence: 1, data: cause }));
    await subgraph.redeliver(event);
    expect(await alertsOf(cause.orderId)).toMatchObject([{ code: 'PRICE_BELOW_FLOOR', state: 'OPEN', count: 1, message: expect.stringContaining('49.99') }]);
    const { subjects, ...end } = cause;
    await subgraph.deliver(orderExceptionResolved({ tenantId: TEST_TENANT, sequence: 2, data: end }));
    expect(await alertsOf(cause.orderId)).toMatchObject([{ state: 'RESOLVED' }]);
    const unknown = { ...exception(), code: 'OF_A_LATER_RELEASE', subjects };
    await subgraph.deliver(orderExceptionRaised2({ tenantId: TEST_TENANT, sequence: 1, data: unknown }));
    expect(await alertsOf(unknown.orderId)).toEqual([]);
  });

  it('changes nothing when its events come again', async () => {
    const cause = exception();
    const first = await subgraph.deliver(raised(cause));
    await Promise.all([subgraph.redeliver(first), subgraph.redeliver(first, first)]);
    expect(await alertsOf(cause.orderId)).toMatchObject([{ state: 'OPEN', count: 1 }]);
    const second = await subgraph.deliver(resolved(cause));
    await subgraph.redeliver(first, second);
    await subgraph.deliver(resolved(cause));
    expect(await alertsOf(cause.orderId)).toMatchObject([{ state: 'RESOLVED', count: 1 }]);
  });

  it('that ends before it begins raises nothing', async () => {
    const cause = exception();
    await subgraph.deliver(resolved(cause));
    expect(await alertsOf(cause.orderId)).toEqual([]);
    await subgraph.deliver(resolved(cause));
    await subgraph.deliver(raised(cause));
    const [alert, ...others] = await alertsOf(cause.orderId);
    expect([alert.state, others]).toEqual(['RESOLVED', []]);
    expect(await told(alert.id)).toEqual([]);
  });

  it('has one open alert for each order and code; a late end of an earlier one leaves it open', async () => {
    const cause = exception();
    await subgraph.deliver(raised(cause));
    await subgraph.deliver(raised({ ...cause, exceptionId: newId('exc') }));
    await subgraph.deliver(raised({ ...cause, exceptionId: newId('exc'), code: 'STOCK_SHORT' }));
    await subgraph.deliver(resolved(cause));
    expect((await alertsOf(cause.orderId)).map((alert) => [alert.code, alert.state, alert.count])).toEqual([['STOCK_SHORT', 'OPEN', 1], ['UNKNOWN_SKU', 'OPEN', 2]]);
  });
});

describe('a parked event of any subgraph', () => {
  type Owner = keyof typeof eventParked;
  const owners = Object.keys(eventParked) as Owner[];
  const parkedBy = (owner: Owner, eventId: string) => eventParked[owner]({
    tenantId: TEST_TENANT, sequence: 5, data: { eventId, eventType: 'orders.order-placed.v1', eventSubject: newId('ord'), attempts: 5, reason: 'Error 23505' },
  });
  const replayedBy = (owner: Owner, eventId: string) => eventReplayed[owner]({ tenantId: TEST_TENANT, sequence: 6, data: { eventId, eventType: 'orders.order-placed.v1' } });

  it.each(owners)('of %s is critical until it has been taken in', async (owner) => {
    const eventId = newId('evt');
    const event = await subgraph.deliver(parkedBy(owner, eventId));
    await subgraph.redeliver(event);
    expect(await alertsOf(eventId)).toMatchObject([{ code: 'EVENT_PARKED', severity: 'CRITICAL', state: 'OPEN', subjectKind: 'EVENT', count: 1, order: null }]);
    const end = await subgraph.deliver(replayedBy(owner, eventId));
    await subgraph.redeliver(end);
    expect(await alertsOf(eventId)).toMatchObject([{ state: 'RESOLVED', count: 1, resolvedAt: expect.any(String) }]);
  });

  it('raises nothing when its end comes before its beginning', async () => {
    const eventId = newId('evt');
    await subgraph.deliver(replayedBy('orders', eventId));
    expect(await alertsOf(eventId)).toEqual([]);
    await subgraph.deliver(parkedBy('orders', eventId));
    expect(await alertsOf(eventId)).toMatchObject([{ state: 'RESOLVED' }]);
  });

  it('has an alert for each subgraph that could not take it in, and each is closed on its own', async () => {
    const eventId = newId('evt');
    await subgraph.deliver(parkedBy('inventory', eventId));
    await subgraph.deliver(parkedBy('members', eventId));
    await subgraph.deliver(parkedBy('members', eventId));
    await subgraph.deliver(replayedBy('inventory', eventId));
    expect((await alertsOf(eventId)).map((alert) => [alert.message.split(' ')[0], alert.state, alert.count])).toEqual([['members', 'OPEN', 2], ['inventory', 'RESOLVED', 1]]);
  });
});

describe('alerts', () => {
  const RESOLVE = 'mutation($id: ID!) { resolveAlert(input: { alertId: $id }) { alert { state } userErrors { code } } }';

  it('are closed by hand by those who may, and raised anew after that', async () => {
    const cause = exception();
    await subgraph.deliver(raised(cause));
    const [{ id }] = await alertsOf(cause.orderId) as [{ id: string }];
    const refused = { alert: null, userErrors: [{ code: 'ALERT_NOT_FOUND' }] };
    for (const viewer of [staffOf(OTHER_TENANT), staffOf(TEST_TENANT, { channels: [newId('con')] })]) expect((await subgraph.ask(RESOLVE, { id }, viewer)).data?.resolveAlert).toEqual(refused);
    expect((await subgraph.ask(RESOLVE, { id: newId('alr') })).data?.resolveAlert).toEqual(refused);
    expect((await subgraph.ask(RESOLVE, { id }, staffOf(TEST_TENANT, { scopes: ['alerts:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
    expect((await subgraph.ask(RESOLVE, { id })).data?.resolveAlert).toEqual({ alert: { state: 'RESOLVED' }, userErrors: [] });
    await subgraph.deliver(raised({ ...cause, exceptionId: newId('exc') }));
    expect((await alertsOf(cause.orderId)).map((alert) => alert.state)).toEqual(['OPEN', 'RESOLVED']);
  });

  it('are shown by tenant and by granted channel, in one statement', async () => {
    const [mine, others, foreign] = [exception(), exception(), exception()];
    await subgraph.deliver(raised(mine));
    await subgraph.deliver(raised(others));
    await subgraph.deliver(raised(foreign, OTHER_TENANT));
    const subjects = async (viewer: ReturnType<typeof staffOf>): Promise<string[]> =>
      (await subgraph.ask(ALERTS, { state: 'OPEN', first: 250 }, viewer)).data?.alerts.nodes.map((alert: Json) => alert.subjectId);
    const granted = await subjects(staffOf(TEST_TENANT, { channels: [mine.connectionId] }));
    expect(granted).toContain(mine.orderId);
    expect(granted).not.toContain(others.orderId);
    expect(await subjects(staffOf(OTHER_TENANT))).toEqual([foreign.orderId]);
    const statements = await subgraph.sql.during(() => subgraph.ask('{ alerts { nodes { id message order { id } channel { name } } } }'));
    // One for the alerts, one for the channels of them all.
    expect(statements).toHaveLength(2);
    expect((await subgraph.ask('{ alerts { nodes { id } } }', {}, staffOf(TEST_TENANT, { scopes: ['orders:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
  });

  it('speak the language of whoever reads', async () => {
    const cause = exception({ code: 'STOCK_SHORT' });
    await subgraph.deliver(raised(cause));
    const context = subgraph.contextFor({ viewer: staffOf(TEST_TENANT), requestId: newId('req'), language: 'zh-CN' });
    const answer = await execute({ schema: subgraph.schema, document: parse('{ alerts(first: 1) { nodes { message } } }'), contextValue: context }) as ExecutionResult<Json>;
    expect(answer.data?.alerts.nodes[0].message).toBe('订单库存不足：QY-1, variant:7。');
  });

  it('are seen live by those who may see their channel', async () => {
    const cause = exception();
    const follow = async (channels: 'all' | string[]): Promise<AsyncGenerator<ExecutionResult<Json>>> => await subscribe({
      schema: subgraph.schema, document: parse('subscription { alertRaised { code subjectId } }'),
      contextValue: subgraph.contextFor({ viewer: staffOf(TEST_TENANT, { channels }), requestId: newId('req'), language: 'en' }),
    }) as AsyncGenerator<ExecutionResult<Json>>;
    await subgraph.quiet();
    const [all, granted, stranger] = [await follow('all'), await follow([cause.connectionId]), await follow([newId('con')])];
    const next = [all.next(), granted.next()];
    let strangerSaw = false;
    void stranger.next().then(({ done }) => { strangerSaw = done !== true; });
    await subgraph.deliver(raised(cause));
    for (const { value } of await Promise.all(next)) expect(value.data.alertRaised).toEqual({ code: 'UNKNOWN_SKU', subjectId: cause.orderId });
    expect(strangerSaw).toBe(false);
    await Promise.all([all.return(undefined), granted.return(undefined), stranger.return(undefined)]);
  });
});
