import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeServiceKey, readPrivateKey, readPublicKeys, ServiceClient, serviceKeys, ServiceTokens } from '@quanyu/calls';
import { databaseDefinition, RemoteConsumer } from '@quanyu/subgraph';
import { startPostgres } from '@quanyu/database';
import { on, record, LogReader, Relay } from '@quanyu/outbox';
import { createTestDatabase, openTestSubgraph, probeSubgraph } from '@quanyu/testing';
import { configureLog } from '@quanyu/telemetry';
import pg from 'pg';
import { percentile } from './percentile.mjs';
import { tick, TICK_TENANT as TENANT } from './tick.mjs';

const WARM_UP_SECONDS = 2;

/**
 * One producer that commits `eventsEach` events a transaction at an even pace, one consumer that writes a row for each,
 * both on one PostgreSQL with its durable defaults; the consumer in this process, or `remote` in one of its own. Lag is
 * taken here: from after the producer's commit to when the relay knows of the consumer's. The first two seconds only
 * warm the machine up.
 */
export async function eventLag({ perSecond, seconds, remote = false, eventsEach = 1 }) {
  // As `npm start` has it: at info each event leaves a line.
  configureLog({ level: 'warn' });
  const folder = mkdtempSync(join(tmpdir(), 'quanyu-lag-'));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  process.env.QUANYU_TEST_ADMIN_URL = postgres.adminUrl;
  const producer = await openTestSubgraph(probeSubgraph());
  const consumer = await (remote ? remoteConsumer() : localConsumer());
  const told = new Map();
  const lags = [];
  const reader = new LogReader(producer.deps.database, 250);
  await reader.start();
  const relay = new Relay(producer.deps.database, reader, [{
    name: 'probe', types: [tick.type],
    accept: async (events) => {
      const verdicts = await consumer.accept(events);
      const now = performance.now();
      for (const { data: { n } } of events) lags[n] = now - (told.get(n) ?? now);
      return verdicts;
    },
  }], producer.systemUrl);
  relay.start();

  const warm = perSecond * WARM_UP_SECONDS;
  const total = warm + perSecond * seconds;
  const since = performance.now();
  const running = new Set();
  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - since) / 1000) * perSecond));
    for (; n + eventsEach <= due || n < due && due === total; n += eventsEach) {
      const mine = Array.from({ length: Math.min(eventsEach, total - n) }, (_, i) => n + i);
      const work = producer.deps.database.write(TENANT, 'tick', (em) => {
        for (const one of mine) record(em, tick({ tenantId: TENANT, sequence: one, data: { subject: `s${one % 100}`, n: one } }));
        return Promise.resolve();
      }).then(() => { const now = performance.now(); for (const one of mine) told.set(one, now); }).finally(() => running.delete(work));
      running.add(work);
    }
    await sleep(2);
  }
  await Promise.all(running);
  const toldIn = (performance.now() - since) / 1000;
  for (const end = Date.now() + 60_000; lags.reduce((sum) => sum + 1, 0) < total && Date.now() < end;) await sleep(50);
  const count = await consumer.count();
  await relay.stop();
  await reader.stop();
  await producer.close();
  await consumer.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  const counted = lags.slice(warm);
  return { count: total, perSecond: total / toldIn, p50: percentile(counted, 0.5), p99: percentile(counted, 0.99), wrong: Math.abs(count - total) };
}

async function localConsumer() {
  const consumer = await openTestSubgraph(probeSubgraph({
    consumers: [on(tick, ({ em }, { data }) => em.execute("insert into note (id, tenant_id, text) values (?, ?, 'x')", [`n${data.n}`, TENANT]).then(() => undefined))],
  }));
  consumer.door.parking.start();
  return {
    accept: (events) => consumer.door.accept(events),
    count: async () => (await consumer.rows(TENANT, 'select count(*)::int as count from note'))[0].count,
    close: () => consumer.close(),
  };
}

async function remoteConsumer() {
  const database = await createTestDatabase([databaseDefinition(probeSubgraph())]);
  const key = makeServiceKey();
  const publicKeys = `probe:${key.publicKey}`;
  const { password } = new URL(database.urls('probe').app);
  const child = spawn(process.execPath, [new URL('./event-consumer.mjs', import.meta.url).pathname, JSON.stringify({ adminUrl: database.adminUrl, password, privateKey: key.privateKey, publicKeys })], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(Number(text)));
    child.once('exit', (code) => reject(new Error(`The consumer ended with ${code}`)));
  });
  const client = new ServiceClient(new ServiceTokens(serviceKeys('probe', readPrivateKey(key.privateKey), readPublicKeys(publicKeys))), new Map([['probe', [`http://127.0.0.1:${port}`]]]));
  const remote = new RemoteConsumer('probe', client);
  return {
    accept: (events) => remote.accept(events),
    count: async () => {
      const admin = new pg.Client({ connectionString: database.adminUrl });
      await admin.connect();
      return admin.query('select count(*)::int as count from probe.note').then(({ rows }) => rows[0].count).finally(() => admin.end());
    },
    close: async () => {
      await client.close();
      child.removeAllListeners('exit');
      await new Promise((resolve) => { child.once('exit', resolve); child.kill('SIGTERM'); });
      await database.drop();
    },
  };
}
