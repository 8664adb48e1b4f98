import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, InProcessCalls, parkedEventsOf } from '@quanyu/calls';
import { defineEvent, eventParked, type EventEnvelope } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { on } from '@quanyu/outbox';
import { openTestSubgraph, probeSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { z } from 'zod';
import { bridge } from '../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
const noteTaken = defineEvent('orders.note-taken.v1', { summary: 'A note.', subject: (data) => data.subject }, z.object({ subject: z.string(), n: z.int(), secret: z.string() }));

let fails: (n: number) => boolean = () => false;
const onNoteTaken = on(noteTaken, async ({ em, tenantId }, { data: { n } }) => {
  if (fails(n)) throw Object.assign(new RangeError('13812341234'), { code: 'E_NOTE' });
  await em.execute("insert into note (id, tenant_id, text) values (?, ?, 'x')", [`${tenantId}-n${n}`, tenantId]);
});

/** Stands for one subgraph of the product; the others do not run unless a test says so. */
let members: TestSubgraph;
let subgraph: TestSubgraph;
const calls = new InProcessCalls();
beforeAll(async () => {
  members = await openTestSubgraph(probeSubgraph({ name: 'members', consumers: [onNoteTaken] as never }), { retryWaitsMs: [10] });
  subgraph = await openTestSubgraph(bridge, { calls });
  calls.add(members.calls);
  calls.add(subgraph.calls);
  members.relayTo([subgraph]);
});
afterAll(async () => {
  await members.close();
  await subgraph.close();
});
afterEach(() => { fails = () => false; });

const eventually = async <T>(check: () => Promise<T>): Promise<T> => {
  for (const end = Date.now() + 10_000; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(25);
    }
  }
};

let next = 0;
const note = (subject: string, tenantId = TEST_TENANT): EventEnvelope => {
  next += 1;
  return {
    ...noteTaken({ tenantId, sequence: next, data: { subject, n: next, secret: 'Bob Lane' } }), id: newId('evt'), source: 'orders', time: new Date().toISOString(), correlationId: null, causationId: null,
  };
};

const LIST = `query($filter: ParkedEventFilterInput, $first: Int) { parkedEvents(filter: $filter, first: $first) {
  totalCount unanswered nodes { subgraph eventId type source subject attempts reason state parkedAt }
} }`;
const list = async (variables: Json = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> => (await subgraph.ask(LIST, variables, viewer)).data?.parkedEvents;
const stateOf = async (eventId: string): Promise<string | undefined> => (await list({ first: 250 })).nodes.find((event: Json) => event.eventId === eventId)?.state;

const REPLAY = 'mutation($input: ReplayParkedEventInput!) { replayParkedEvent(input: $input) { replayed parkedEvent { eventId reason attempts } userErrors { code field retryable } } }';
const replay = async (eventId: string, over: Json = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> =>
  (await subgraph.ask(REPLAY, { input: { subgraph: 'MEMBERS', eventId, ...over } }, viewer)).data?.replayParkedEvent;

const alertOf = async (eventId: string): Promise<Json> =>
  (await subgraph.ask('{ alerts(first: 250) { nodes { code state subjectId count message } } }')).data?.alerts.nodes.find((alert: Json) => alert.subjectId === eventId);
const until = (eventId: string, state: string): Promise<void> => eventually(async () => expect((await alertOf(eventId))?.state).toBe(state));

/** A lane whose first event is parked. */
async function parkedLane(length: number): Promise<EventEnvelope[]> {
  const subject = newId('ord');
  const lane = Array.from({ length }, () => note(subject));
  const bad = lane[0]!.sequence;
  fails = (n) => n === bad;
  await members.redeliver(...lane);
  await eventually(async () => expect(await stateOf(lane[0]!.id)).toBe('PARKED'));
  return lane;
}
const clear = async (lane: readonly EventEnvelope[]): Promise<void> => {
  fails = () => false;
  await replay(lane.at(-1)!.id);
};

describe('parkedEvents', () => {
  it('shows what waits and why, and names the subgraphs that do not answer', async () => {
    const [bad, behind] = await parkedLane(2) as [EventEnvelope, EventEnvelope];
    const answered = await list();
    expect(answered.nodes).toEqual([
      { subgraph: 'MEMBERS', eventId: bad.id, type: noteTaken.type, source: 'orders', subject: bad.subject, attempts: 2, reason: 'RangeError E_NOTE', state: 'PARKED', parkedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      expect.objectContaining({ eventId: behind.id, attempts: 0, reason: 'WAITS_FOR_EARLIER_EVENT', state: 'RETRYING' }),
    ]);
    expect(answered.totalCount).toBe(2);
    expect(answered.unanswered).toEqual(Object.keys(eventParked).map((name) => name.toUpperCase()).filter((name) => !['MEMBERS', 'BRIDGE'].includes(name)));
    expect(JSON.stringify(answered)).not.toMatch(/13812341234|Bob/);
    await clear([bad, behind]);
    expect((await list()).nodes).toEqual([]);
  });

  it('asks one subgraph alone, and no more than wanted of it', async () => {
    const lane = await parkedLane(3);
    expect(await list({ filter: { subgraph: 'BRIDGE' } })).toEqual({ totalCount: 0, unanswered: [], nodes: [] });
    expect(await list({ filter: { subgraph: 'ORDERS' } })).toEqual({ totalCount: 0, unanswered: ['ORDERS'], nodes: [] });
    expect(await list({ filter: { subgraph: 'MEMBERS' }, first: 1 })).toMatchObject({ totalCount: 3, unanswered: [], nodes: [{ eventId: lane[0]!.id }] });
    const { errors } = await subgraph.ask(LIST, { first: 251 });
    expect(errors[0]?.code).toBe('PAGE_SIZE_INVALID');
    expect(await members.sql.during(() => list({ filter: { subgraph: 'MEMBERS' } }))).toHaveLength(1);
    await clear(lane);
  });

  it('does not wait for a subgraph that hangs', async () => {
    calls.add([answer(parkedEventsOf('finance'), () => sleep(60_000, { events: [], total: 0 }, { ref: false }))]);
    const started = Date.now();
    expect((await list()).unanswered).toContain('FINANCE');
    expect(Date.now() - started).toBeLessThan(10_000);
    calls.add([answer(parkedEventsOf('finance'), () => Promise.resolve({ events: [], total: 0 }))]);
    expect((await list()).unanswered).not.toContain('FINANCE');
  });

  it('shows ids of a platform by their last characters', async () => {
    const connectionId = newId('con');
    const bad = note(`${connectionId}/13812341234`);
    fails = (n) => n === bad.sequence;
    await members.redeliver(bad);
    expect((await list()).nodes[0].subject).toBe(`${connectionId}/***1234`);
    await clear([bad]);
  });

  it('shows a tenant its own, and nothing without the scope', async () => {
    const lane = await parkedLane(1);
    expect(await list({}, staffOf(OTHER_TENANT))).toMatchObject({ totalCount: 0, nodes: [] });
    expect((await subgraph.ask(LIST, {}, staffOf(TEST_TENANT, { scopes: ['orders:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
    await clear(lane);
  });
});

describe('replayParkedEvent', () => {
  it('takes in the event and those behind it, and its alert closes by itself', async () => {
    const lane = await parkedLane(3);
    const [bad] = lane as [EventEnvelope];
    await until(bad.id, 'OPEN');
    expect(await alertOf(bad.id)).toMatchObject({ code: 'EVENT_PARKED', message: expect.stringContaining('RangeError E_NOTE') });
    fails = () => false;
    expect(await replay(bad.id)).toEqual({ replayed: 3, parkedEvent: null, userErrors: [] });
    await until(bad.id, 'RESOLVED');
    expect((await list()).nodes).toEqual([]);
    expect(await replay(bad.id)).toEqual({ replayed: 0, parkedEvent: null, userErrors: [{ code: 'NOT_PARKED', field: ['eventId'], retryable: false }] });
  });

  it('tells when the event fails again, with its reason, and leaves the alert open', async () => {
    const lane = await parkedLane(2);
    const [bad] = lane as [EventEnvelope];
    await until(bad.id, 'OPEN');
    const stillFailing = { code: 'STILL_FAILING', field: ['eventId'], retryable: true };
    expect(await replay(bad.id)).toEqual({ replayed: 0, parkedEvent: { eventId: bad.id, reason: 'RangeError E_NOTE', attempts: 3 }, userErrors: [stillFailing] });
    await eventually(async () => expect(await alertOf(bad.id)).toMatchObject({ state: 'OPEN', count: 2 }));
    expect((await replay(lane[1]!.id)).userErrors).toEqual([stillFailing]);
    await clear(lane);
    await until(bad.id, 'RESOLVED');
  });

  it('refuses events that do not wait there, of another tenant, and subgraphs that do not answer', async () => {
    const lane = await parkedLane(1);
    const [bad] = lane as [EventEnvelope];
    const notParked = { replayed: 0, parkedEvent: null, userErrors: [{ code: 'NOT_PARKED', field: ['eventId'], retryable: false }] };
    fails = () => false;
    expect(await replay(bad.id, { subgraph: 'BRIDGE' })).toEqual(notParked);
    expect(await replay(bad.id, {}, staffOf(OTHER_TENANT))).toEqual(notParked);
    expect((await replay(bad.id, { subgraph: 'ORDERS' })).userErrors).toEqual([{ code: 'SUBGRAPH_UNAVAILABLE', field: ['subgraph'], retryable: true }]);
    expect((await subgraph.ask(REPLAY, { input: { subgraph: 'MEMBERS', eventId: newId('ord') } })).errors[0]?.code).toBe('INVALID_ID');
    expect((await subgraph.ask(REPLAY, { input: { subgraph: 'MEMBERS', eventId: bad.id } }, staffOf(TEST_TENANT, { scopes: ['alerts:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
    expect(await stateOf(bad.id)).toBe('PARKED');
    await clear(lane);
  });
});
