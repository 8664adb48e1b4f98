import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEvent, eventParked, type EventEnvelope } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { EventDoor, on } from '@quanyu/outbox';
import { openTestSubgraph, probeSubgraph, type Json, type TestSubgraph } from '@quanyu/testing';
import { z } from 'zod';
import { eventually } from '../harness/eventually.js';

const TENANT = 'ten_a';
const OTHER_TENANT = 'ten_b';
const noteTaken = defineEvent('orders.note-taken.v1', { summary: 'A note.', subject: (data) => data.subject }, z.object({ subject: z.string(), n: z.int() }));
const noteOf = (n: number, subject: string, tenantId = TENANT): EventEnvelope => ({
  ...noteTaken({ tenantId, sequence: n, data: { subject, n } }), id: newId('evt'), source: 'orders', time: new Date().toISOString(), correlationId: `cor-${n}`, causationId: null,
});

/** What a handler does with a note before it is kept. */
let meets: (n: number, tenantId: string) => void | Promise<void> = () => undefined;
let seen: number[] = [];
const onNoteTaken = on(noteTaken, async ({ em, tenantId }, { data: { n } }) => {
  await meets(n, tenantId);
  await em.execute("insert into note (id, tenant_id, text) values (?, ?, 'x')", [`${tenantId}-n${n}`, tenantId]);
  seen.push(n);
});
const poison = (...bad: number[]): void => { meets = (n) => { if (bad.includes(n)) throw new Error('poison'); }; };

// Named as one of the product, so that it has somebody to tell.
let consumer: TestSubgraph;
const doors: EventDoor<unknown>[] = [];
/** The door of another process on the same database. */
const anotherDoor = (retryWaitsMs: readonly number[]): EventDoor<unknown> => {
  const door = new EventDoor(consumer.deps.database, [onNoteTaken] as never, consumer.deps as unknown, retryWaitsMs);
  doors.push(door);
  return door;
};
beforeAll(async () => { consumer = await openTestSubgraph(probeSubgraph({ name: 'members', consumers: [onNoteTaken] as never }), { retryWaitsMs: [20, 20] }); });
afterAll(async () => {
  for (const door of doors) await door.parking.stop();
  await consumer.close();
});
afterEach(() => {
  meets = () => undefined;
  seen = [];
});

const parked = async (tenantId = TENANT): Promise<Json[]> => [...(await consumer.door.parking.list(tenantId)).events];
const told = async (eventId: string): Promise<string[]> => (await consumer.recorded()).filter((event) => event.subject === eventId).map((event) => event.type);
const untilParked = (eventId: string): Promise<Json> => eventually(async () => {
  const event = (await parked()).find((candidate) => candidate.eventId === eventId);
  if (event?.state !== 'PARKED') throw new Error(`${eventId} is not parked yet`);
  return event;
});

/** Waits until another worker stands before a lock in this database. */
const untilAnotherWaits = (): Promise<void> => eventually(async () => {
  const { rowCount } = await consumer.deps.database.system.query(
    'select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid where not l.granted and a.datname = current_database()');
  if (rowCount === 0) throw new Error('Nobody waits');
});

describe('an event that cannot be taken in', () => {
  it('is tried as often as there are waits, then parked and told once, in its own thread', async () => {
    poison(1);
    const bad = noteOf(1, 'tries');
    await consumer.redeliver(bad);
    expect(await untilParked(bad.id)).toMatchObject({ attempts: 3, reason: 'Error', type: noteTaken.type, source: 'orders', subject: 'tries', parkedAt: expect.stringMatching(/Z$/) });
    await sleep(100);
    expect(await consumer.rows(TENANT, "select correlation_id, causation_id, data->>'attempts' as attempts from outbox where subject = ?", [bad.id]))
      .toEqual([{ correlation_id: 'cor-1', causation_id: bad.id, attempts: '3' }]);
    poison();
    expect(await consumer.door.parking.replay(TENANT, bad.id)).toEqual({ replayed: 1, waiting: null });
    expect(await told(bad.id)).toEqual(['members.event-parked.v1', 'members.event-replayed.v1']);
    expect(await consumer.door.parking.replay(TENANT, bad.id)).toEqual({ replayed: 0, waiting: null });
  });

  it('that fails again in a replay is told as waiting, and nothing is thrown', async () => {
    poison(10);
    const [bad, next] = [noteOf(10, 'again'), noteOf(11, 'again')];
    await consumer.redeliver(bad, next);
    await untilParked(bad.id);
    meets = (n) => { if (n === 10) throw Object.assign(new TypeError('other'), { code: 'E_OTHER' }); };
    expect(await consumer.door.parking.replay(TENANT, next.id)).toMatchObject({ replayed: 0, waiting: { eventId: next.id, attempts: 0, reason: 'WAITS_FOR_EARLIER_EVENT' } });
    expect(await consumer.door.parking.replay(TENANT, bad.id)).toMatchObject({ replayed: 0, waiting: { eventId: bad.id, attempts: 5, reason: 'TypeError E_OTHER', state: 'PARKED' } });
    meets = () => undefined;
    expect(await consumer.door.parking.replay(TENANT, next.id)).toEqual({ replayed: 2, waiting: null });
    expect(seen).toEqual([10, 11]);
    expect(await told(next.id)).toEqual([]);
  });

  it('is mended where it lies, and taken in as it is then', async () => {
    const bad = { ...noteOf(15, 'mended'), data: { subject: 'mended', n: 'fifteen' } };
    await consumer.redeliver(bad);
    expect(await untilParked(bad.id)).toMatchObject({ reason: 'ZodError n' });
    await consumer.deps.database.write(TENANT, 'test', (em) => em.execute("update parked_event set envelope = jsonb_set(envelope, '{data,n}', '15') where event_id = ?", [bad.id]));
    expect(await consumer.door.parking.replay(TENANT, bad.id)).toEqual({ replayed: 1, waiting: null });
    expect(seen).toEqual([15]);
  });

  it('does not stop events of its subject in another tenant', async () => {
    meets = (_n, tenantId) => { if (tenantId === TENANT) throw new Error('poison'); };
    const mine = noteOf(20, 'twins');
    await consumer.redeliver(mine);
    await untilParked(mine.id);
    meets = () => { throw new Error('poison'); };
    await consumer.redeliver(noteOf(21, 'twins', OTHER_TENANT));
    expect(await parked(OTHER_TENANT)).toHaveLength(1);
    meets = (_n, tenantId) => { if (tenantId === TENANT) throw new Error('poison'); };
    await eventually(async () => expect(await parked(OTHER_TENANT)).toEqual([]));
    meets = () => undefined;
    await consumer.door.parking.replay(TENANT, mine.id);
  });

  it('is tried again although events of its subject keep coming', async () => {
    poison(30);
    await consumer.redeliver(noteOf(30, 'hot'));
    poison();
    for (let n = 31; n < 100; n += 1) {
      await consumer.redeliver(noteOf(n, 'hot'));
      await sleep(8);
    }
    // While they came, not only after they ended.
    expect(seen.length).toBeGreaterThan(20);
    await eventually(() => expect(seen).toHaveLength(70));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('is not told when it is the notice of a parking of one\'s own', async () => {
    const onOwnNotice = on(eventParked.bridge, () => { throw new Error('poison'); });
    const bridge = await openTestSubgraph(probeSubgraph({ name: 'bridge', consumers: [onOwnNotice] as never }), { retryWaitsMs: [] });
    const draft = eventParked.bridge({ tenantId: TENANT, sequence: 1, data: { eventId: newId('evt'), eventType: 'x', eventSubject: 'y', attempts: 5, reason: 'Error' } });
    await bridge.deliver(draft);
    await eventually(async () => expect((await bridge.door.parking.list(TENANT)).events).toMatchObject([{ state: 'PARKED' }]));
    expect(await bridge.recorded()).toEqual([]);
    await bridge.close();
  });
});

describe('two processes on one parking lot', () => {
  it('keep the order: what one has parked holds back what the other gets, also when that one had nothing parked for long', async () => {
    const gone = anotherDoor([20, 20]);
    const left = anotherDoor([20, 20]);
    left.parking.start();
    // Long enough for it to have seen an empty lot.
    await sleep(50);
    poison(200);
    await gone.accept([noteOf(200, 'handover')]);
    await gone.parking.stop();
    await left.accept([noteOf(201, 'handover'), noteOf(202, 'elsewhere')]);
    expect(seen).toEqual([202]);
    poison();
    await eventually(() => expect(seen).toEqual([202, 200, 201]));
  });

  it('keep the order where one gets an event while the other is about to park it', async () => {
    const [first, second] = [noteOf(205, 'meeting'), noteOf(206, 'meeting')];
    let accepted: Promise<unknown> | undefined;
    await consumer.writer(async (other) => {
      await other.query('begin');
      await other.query("select set_config('app.tenant_id', $1, true)", [TENANT]);
      await other.query('insert into inbox (event_id, tenant_id, type) values ($1, $2, $3)', [first.id, TENANT, first.type]);
      accepted = anotherDoor([60_000]).accept([first, second]);
      await sleep(100);
      await other.query(
        `insert into parked_event (tenant_id, event_id, source, subject, envelope, state, attempts, reason, next_attempt_at)
         values ($1, $2, $3, $4, $5, 'PARKED', 3, 'Error', now())`, [TENANT, first.id, first.source, first.subject, JSON.stringify(first)]);
      await other.query('commit');
    });
    await accepted;
    expect(seen).toEqual([]);
    expect(await consumer.door.parking.replay(TENANT, first.id)).toEqual({ replayed: 2, waiting: null });
    expect(seen).toEqual([205, 206]);
  });

  it('take up what another has left, by themselves', async () => {
    const gone = anotherDoor([20]);
    const left = anotherDoor([20]);
    left.parking.start();
    await sleep(50);
    poison(210);
    await gone.accept([noteOf(210, 'orphan')]);
    await gone.parking.stop();
    poison();
    await eventually(() => expect(seen).toEqual([210]));
  });

  it('that replay at once take each event in once, in order', async () => {
    const twin = anotherDoor([20, 20]);
    poison(220);
    const lane = Array.from({ length: 8 }, (_, n) => noteOf(220 + n, 'race'));
    await consumer.redeliver(...lane);
    await untilParked(lane[0]!.id);
    meets = () => sleep(2);
    const results = await Promise.all([consumer.door, twin, twin].map((door) => door.parking.replay(TENANT, lane.at(-1)!.id)));
    expect(seen).toEqual(lane.map((event) => event.sequence));
    // Each counts what it has taken in itself; the lots' own rounds may take some as well.
    const counted = results.reduce((sum, { replayed }) => sum + replayed, 0);
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThanOrEqual(8);
    expect(results.every(({ waiting }) => waiting === null)).toBe(true);
  });

  it('that fail at once count one try, and tell of it once', async () => {
    const twin = anotherDoor([20, 20]);
    poison(230);
    const bad = noteOf(230, 'both');
    await consumer.redeliver(bad);
    const { attempts } = await untilParked(bad.id);
    let tries = 0;
    meets = async () => { if ((tries += 1) === 1) await untilAnotherWaits(); throw new Error('poison'); };
    await Promise.all([consumer.door, twin].map((door) => door.parking.replay(TENANT, bad.id)));
    expect((await parked()).find((event) => event.eventId === bad.id)).toMatchObject({ attempts: attempts + 1 });
    expect(await told(bad.id)).toEqual(['members.event-parked.v1', 'members.event-parked.v1']);
    poison();
    await twin.parking.replay(TENANT, bad.id);
  });

  it('tell nothing of a failed try when the other has taken the event in meanwhile', async () => {
    const twin = anotherDoor([20, 20]);
    poison(240);
    const bad = noteOf(240, 'overtaken');
    await consumer.redeliver(bad);
    await untilParked(bad.id);
    let tries = 0;
    meets = async () => {
      if ((tries += 1) > 1) return;
      await untilAnotherWaits();
      throw new Error('poison');
    };
    await Promise.all([consumer.door, twin].map((door) => door.parking.replay(TENANT, bad.id)));
    expect(seen).toEqual([240]);
    expect(await told(bad.id)).toEqual(['members.event-parked.v1', 'members.event-replayed.v1']);
  });
});
