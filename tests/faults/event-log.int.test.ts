import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEvent, type EventEnvelope } from '@quanyu/events';
import { on, record, Relay, LogReader, type Consumer } from '@quanyu/outbox';
import { openTestSubgraph, probeSubgraph, type TestSubgraph } from '@quanyu/testing';
import { z } from 'zod';

const TENANT = 'ten_a';
const noteTaken = defineEvent('probe.note-taken.v1', { summary: 'A note.', subject: (data) => data.subject }, z.object({ subject: z.string(), n: z.int() }));
const draft = (n: number, subject = 's') => noteTaken({ tenantId: TENANT, sequence: n, data: { subject, n } });

let fails: (n: number) => boolean = () => false;
const seen: number[] = [];
const onNoteTaken = on(noteTaken, async ({ em }, { data }) => {
  if (fails(data.n)) throw new Error('poison');
  await em.execute("insert into note (id, tenant_id, text) values (?, ?, 'x')", [`n${data.n}`, TENANT]);
  seen.push(data.n);
});

let producer: TestSubgraph;
let consumer: TestSubgraph;
beforeAll(async () => {
  producer = await openTestSubgraph(probeSubgraph());
  consumer = await openTestSubgraph(probeSubgraph({ consumers: [onNoteTaken] as never }));
});
afterAll(async () => {
  await producer.close();
  await consumer.close();
});
afterEach(() => { fails = () => false; });

const until = async (what: () => Promise<boolean> | boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if (await what()) return;
    await sleep(20);
  }
  throw new Error('It did not come to pass');
};
const tell = (n: number, subject?: string, waitMs = 0) => producer.deps.database.write(TENANT, 'test', async (em) => {
  record(em, draft(n, subject));
  if (waitMs > 0) await em.execute('select pg_sleep(?)', [waitMs / 1000]);
});
const notes = async () => (await consumer.rows<{ id: string }>(TENANT, "select id from note order by substr(id, 2)::int")).map((row) => Number(row.id.slice(1)));

describe('the relay', () => {
  it('loses no event whose transaction takes its time to commit, and keeps the order of a subject', async () => {
    const reader = new LogReader(producer.deps.database, 10);
    await reader.start();
    const received: EventEnvelope[] = [];
    const port: Consumer = { name: 'jitter', types: [noteTaken.type], accept: (events) => { received.push(...events); return Promise.resolve(); } };
    const relay = new Relay(producer.deps.database, reader, [port], producer.systemUrl);
    relay.start();
    // 16 writers; each event is inserted and then waits 0-50 ms for its commit, so ids and commits are out of step.
    const writers = 16;
    const each = 25;
    await Promise.all(Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < each; n += 1) {
        await producer.deps.database.system.query('select 1');
        await producer.writer(async (client) => {
          await client.query('begin');
          await client.query("select set_config('app.tenant_id', $1, true)", [TENANT]);
          await client.query("insert into outbox (event_id, tenant_id, type, subject, sequence, data) values ($1, $2, $3, $4, $5, $6)",
            [`e-${writer}-${n}`, TENANT, noteTaken.type, `w${writer}`, n, JSON.stringify({ subject: `w${writer}`, n })]);
          await sleep(Math.random() * 50);
          await client.query('commit');
        }, writer);
      }
    }));
    await until(() => received.length >= writers * each);
    await sleep(100);
    expect(received).toHaveLength(writers * each);
    for (let writer = 0; writer < writers; writer += 1) {
      expect(received.filter((event) => event.subject === `w${writer}`).map((event) => event.sequence)).toEqual(Array.from({ length: each }, (_, n) => n));
    }
    await relay.stop();
    await reader.stop();
  });

  it('delivers the same batch again when the consumer was away, and its cursor survives a restart', async () => {
    const got: string[][] = [];
    let away = 2;
    const port: Consumer = {
      name: 'restart', types: [noteTaken.type],
      accept: (events) => {
        if (away-- > 0) return Promise.reject(new Error('away'));
        got.push(events.map((event) => event.id));
        return Promise.resolve();
      },
    };
    const runRelay = async (work: () => Promise<void>): Promise<void> => {
      const reader = new LogReader(producer.deps.database, 10);
      await reader.start();
      const relay = new Relay(producer.deps.database, reader, [port], producer.systemUrl);
      relay.start();
      await work();
      await relay.stop();
      await reader.stop();
    };
    const total = (): number => got.flat().length;
    await runRelay(async () => {
      await tell(900);
      await until(() => total() >= 401);
    });
    await runRelay(async () => {
      await tell(901);
      await until(() => total() >= 402);
      await sleep(100);
    });
    expect(new Set(got.flat()).size).toBe(total());
    expect(total()).toBe(402);
  });

  it('keeps the order where ids and transaction ids gain a digit', async () => {
    const got: number[] = [];
    const reader = new LogReader(producer.deps.database, 10);
    await reader.start();
    const relay = new Relay(producer.deps.database, reader, [{ name: 'digits', types: [noteTaken.type], accept: (events) => { got.push(...events.map((event) => event.sequence)); return Promise.resolve(); } }], producer.systemUrl);
    relay.start();
    await until(() => got.length === 402);
    got.length = 0;
    // Transaction ids are the cluster's; spend them up to just before the next power of ten.
    const spend = async (): Promise<number> => {
      const { rows: [row] } = await producer.deps.database.system.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
      return 10 ** row!.xid.length - Number(row!.xid);
    };
    for (let left = await spend(); left > 40 && left < 1_000_000; left = await spend()) {
      await producer.deps.database.system.query(`do $$ begin for i in 1..${Math.min(left - 30, 20_000)} loop perform pg_current_xact_id(); commit; end loop; end $$`);
    }
    const total = 150;
    for (let n = 0; n < total; n += 1) await tell(n, 'digits');
    await producer.deps.database.write(TENANT, 'test', (em) => { for (let n = 0; n < 120; n += 1) record(em, draft(total + n, 'digits')); return Promise.resolve(); });
    await until(() => got.length >= total + 120);
    expect(got).toEqual(Array.from({ length: total + 120 }, (_, n) => n));
    await relay.stop();
    await reader.stop();
  });

  it('stands by while another relay of the log works, and takes over when that one ends', async () => {
    const start = async (name: string, log: string[]) => {
      const reader = new LogReader(producer.deps.database, 10);
      await reader.start();
      const relay = new Relay(producer.deps.database, reader, [{ name: 'pair', types: [noteTaken.type], accept: (events) => { log.push(...events.map(() => name)); return Promise.resolve(); } }], producer.systemUrl);
      relay.start();
      return async () => { await relay.stop(); await reader.stop(); };
    };
    const log: string[] = [];
    const stopFirst = await start('first', log);
    await until(() => log.length === 672);
    const stopSecond = await start('second', log);
    await tell(902);
    await until(() => log.length === 673);
    await stopFirst();
    await tell(903);
    await until(() => log.length === 674);
    expect(log.slice(-2)).toEqual(['first', 'second']);
    await stopSecond();
  });
});

describe('the event door', () => {
  it('takes each event in once, also when it comes twice at the same moment', async () => {
    const event = await consumer.deliver(draft(1));
    await Promise.all([consumer.redeliver(event), consumer.redeliver(event, event)]);
    expect(seen.filter((n) => n === 1)).toHaveLength(1);
    const twin = { ...event, id: 'evt-twin', data: { subject: 's', n: 2 } };
    await consumer.redeliver(twin, twin);
    expect(seen.filter((n) => n === 2)).toHaveLength(1);
  });

  it('puts a poisonous event aside with later ones of its subject, lets others pass, and replays them in order', async () => {
    fails = (n) => n === 10;
    const bad = await consumer.deliver(draft(10, 'lane'));
    await consumer.deliver(draft(11, 'lane'));
    await consumer.deliver(draft(12, 'elsewhere'));
    expect((await notes()).filter((n) => n >= 10)).toEqual([12]);
    expect((await consumer.door.parking.list(TENANT)).events).toMatchObject([{ eventId: bad.id, reason: 'Error', state: 'RETRYING' }, { reason: 'WAITS_FOR_EARLIER_EVENT' }]);
    fails = () => false;
    expect(await consumer.door.parking.replay(TENANT, bad.id)).toEqual({ replayed: 2, waiting: null });
    expect((await notes()).filter((n) => n >= 10)).toEqual([10, 11, 12]);
    expect(seen.slice(-2)).toEqual([10, 11]);
    expect(await consumer.door.parking.list(TENANT)).toEqual({ events: [], total: 0 });
  });

  it('finds the bad one in a batch and takes the rest in', async () => {
    fails = (n) => n === 22;
    const events = [20, 21, 22, 23].map((n): EventEnvelope => ({ ...draft(n, `b${n}`), id: `evt-${n}`, source: 'probe', time: new Date().toISOString(), correlationId: null, causationId: null }));
    await consumer.redeliver(...events);
    expect((await notes()).filter((n) => n >= 20)).toEqual([20, 21, 23]);
    fails = () => false;
    // By itself, after a short wait.
    consumer.door.parking.start();
    await until(async () => (await notes()).includes(22));
  });

  it('parks what does not have the shape of its contract', async () => {
    const event = await consumer.deliver({ ...draft(30, 'shape'), data: { subject: 'shape', n: 'thirty' } });
    expect((await consumer.door.parking.list(TENANT)).events).toMatchObject([{ eventId: event.id, reason: 'ZodError n' }]);
  });
});
