import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '@quanyu/database';
import { defineEvent } from '@quanyu/events';
import { on, record, LogReader, Relay } from '@quanyu/outbox';
import { openTestSubgraph, probeSubgraph } from '@quanyu/testing';
import { configureLog } from '@quanyu/telemetry';
import { z } from 'zod';
import { percentile } from './percentile.mjs';

const TENANT = 'ten_bench';
const tick = defineEvent('probe.tick-told.v1', { summary: 'A tick.', subject: (data) => data.subject }, z.object({ subject: z.string(), n: z.int() }));

/**
 * One producer that commits one event a transaction at an even pace, one consumer that writes a row for each, both on
 * one PostgreSQL with its durable defaults. Lag is taken in the process: after the producer's commit to after the
 * consumer's. The first two seconds only warm the machine up.
 */
const WARM_UP_SECONDS = 2;

export async function eventLag({ perSecond, seconds }) {
  // As `npm start` has it: at info each event leaves a line.
  configureLog({ level: 'warn' });
  const folder = mkdtempSync(join(tmpdir(), 'quanyu-lag-'));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  process.env.QUANYU_TEST_ADMIN_URL = postgres.adminUrl;
  const producer = await openTestSubgraph(probeSubgraph());
  const consumer = await openTestSubgraph(probeSubgraph({
    consumers: [on(tick, ({ em }, { data }) => em.execute("insert into note (id, tenant_id, text) values (?, ?, 'x')", [`n${data.n}`, TENANT]).then(() => undefined))],
  }));
  const told = new Map();
  const lags = [];
  const reader = new LogReader(producer.deps.database, 250);
  await reader.start();
  const relay = new Relay(producer.deps.database, reader, [{
    name: 'probe', types: [tick.type],
    accept: async (events) => {
      await consumer.door.accept(events);
      const now = performance.now();
      for (const { data: { n } } of events) lags[n] = now - (told.get(n) ?? now);
    },
  }], producer.systemUrl);
  relay.start();
  consumer.door.parking.start();

  const warm = perSecond * WARM_UP_SECONDS;
  const total = warm + perSecond * seconds;
  const since = performance.now();
  const running = new Set();
  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - since) / 1000) * perSecond));
    for (; n < due; n += 1) {
      const mine = n;
      const work = producer.deps.database.write(TENANT, 'tick', (em) => { record(em, tick({ tenantId: TENANT, sequence: mine, data: { subject: `s${mine % 100}`, n: mine } })); return Promise.resolve(); })
        .then(() => told.set(mine, performance.now())).finally(() => running.delete(work));
      running.add(work);
    }
    await sleep(2);
  }
  await Promise.all(running);
  const toldIn = (performance.now() - since) / 1000;
  for (const end = Date.now() + 20_000; Object.keys(lags).length < total && Date.now() < end;) await sleep(20);
  const [{ count }] = await consumer.rows(TENANT, 'select count(*)::int as count from note');
  await relay.stop();
  await reader.stop();
  await producer.close();
  await consumer.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  const counted = lags.slice(warm);
  return { count: total, perSecond: total / toldIn, p50: percentile(counted, 0.5), p99: percentile(counted, 0.99), wrong: Math.abs(count - total) };
}
