import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import { databaseDefinition } from '@quanyu/subgraph';
import { configureLog } from '@quanyu/telemetry';
import { openTestSubgraph, staffOf, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Shops } from '../../outbound/shops.js';
import { bridge } from '../../subgraph.js';
import { claimDeliveries } from './claim-delivery.js';
import { leaveLane } from './delivery-lane.js';
import { forgetBodies } from './forget-bodies.js';
import { processWaiting } from './process-delivery.js';
import { sealDelivery, storeDeliveries } from './store-delivery.js';

const ORDER = readFileSync(new URL('../../channels/shopify/fixtures/orders-create-paid-usd.json', import.meta.url), 'utf8');

let subgraph: TestSubgraph;
let connectionId: string;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  subgraph = await openTestSubgraph(bridge);
});
afterAll(() => subgraph.close());

async function connect(): Promise<string> {
  const input = { platform: 'SHOPIFY', name: 'Demo', idempotencyKey: newId('req') };
  return (await subgraph.ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } } }', { input })).data?.connectChannel.channel.id;
}
async function store(body: string | Buffer, topic = 'orders/create'): Promise<string> {
  const id = newId('dlv');
  await storeDeliveries(subgraph.deps.database, [sealDelivery(subgraph.deps, { id, tenantId: TEST_TENANT, connectionId, head: { topic, dedupeKey: id, triggeredAt: new Date('2026-03-01T16:00:00.500Z') }, body: Buffer.from(body) })]);
  return id;
}
const ref = (deliveryId: string) => ({ tenantId: TEST_TENANT, connectionId, deliveryId });
const work = (deliveryId: string): Promise<void> => processWaiting(subgraph.deps, ref(deliveryId), null);
/** Takes one up as a worker does that then dies, and whose turn is over. */
const claim = async (deliveryId: string) => {
  const lane = { tenantId: TEST_TENANT, connectionId, holder: deliveryId };
  const claimed = await claimDeliveries(subgraph.deps.database, { ...lane, own: [deliveryId] }, 1);
  await leaveLane(subgraph.deps.database, lane);
  return claimed ?? [];
};
const rowOf = async (id: string): Promise<Json> =>
  (await subgraph.rows(TEST_TENANT, 'select state, reason_code, reason_path, attempts, external_order_id, done_at is not null as done from delivery where id = ?', [id]))[0];
const change = (set: string, id: string): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(`update delivery set ${set} where id = ?`, [id]));
const orders = async (): Promise<Json[]> => (await subgraph.recorded('bridge.order-received.v1')).filter((event) => event.data.connectionId === connectionId);
const openAlerts = async (): Promise<Json[]> => subgraph.rows(TEST_TENANT, "select code, severity, params, count from alert where connection_id = ? and state = 'OPEN' order by id", [connectionId]);

describe('working on a delivery', () => {
  beforeAll(async () => { connectionId = await connect(); });

  it('tells the order, sealed for its row, in the transaction that ends the delivery', async () => {
    const id = await store(ORDER);
    await work(id);
    expect(await rowOf(id)).toEqual({ state: 'DONE', reason_code: null, reason_path: null, attempts: 1, external_order_id: '9007199254740993123', done: true });
    const [event] = await orders();
    expect(event).toMatchObject({ subject: `${connectionId}/9007199254740993123`, tenantId: TEST_TENANT, data: { deliveryId: id, updatedAt: '2026-03-01T14:00:02.000Z' } });
    const vault = testVault();
    expect(JSON.parse(vault.open(event.data.sealedShipTo, { tenantId: TEST_TENANT, row: '9007199254740993123', field: 'shipTo' }))).toMatchObject({ name: 'Test Buyer', countryCode: 'US' });
    expect(JSON.parse(vault.open(event.data.customer.sealed, { tenantId: TEST_TENANT, row: '8210000000000000123', field: 'customer' }))).toMatchObject({ email: 'buyer@example.com' });
    const [log] = await subgraph.rows<Json>(TEST_TENANT, "select sequence::text as sequence, correlation_id, causation_id from outbox where type = 'bridge.order-received.v1' and data->>'deliveryId' = ?", [id]);
    expect(log).toEqual({ sequence: String(Date.parse('2026-03-01T14:00:02Z')), correlation_id: id, causation_id: id });
  });

  it('does it once, however often and by however many it is done', async () => {
    const before = (await orders()).length;
    const id = await store(ORDER);
    await Promise.all([work(id), work(id), work(id)]);
    await work(id);
    expect((await orders()).length).toBe(before + 1);
    expect(await rowOf(id)).toMatchObject({ state: 'DONE' });
  });

  it('finishes what a dead process had taken up', async () => {
    const id = await store(ORDER);
    expect(await claim(id)).toMatchObject([{ id, attempts: 1, topic: 'orders/create', platform: 'SHOPIFY', triggeredAt: new Date('2026-03-01T16:00:00.500Z') }]);
    expect(await rowOf(id)).toMatchObject({ state: 'PROCESSING', done: false });
    await work(id);
    expect(await rowOf(id)).toMatchObject({ state: 'DONE', attempts: 2 });
  });

  it('counts a failure to keep the outcome as a failed try, and ends with a person', async () => {
    const id = await store(ORDER);
    // An event that the log does not take: no body that is translated may leave its delivery half done for ever.
    const broken = { ...subgraph.deps, vault: Object.assign(Object.create(subgraph.deps.vault) as typeof subgraph.deps.vault, {
      open: subgraph.deps.vault.open.bind(subgraph.deps.vault), index: subgraph.deps.vault.index.bind(subgraph.deps.vault), seal: () => 'half of a sign: \ud83d',
    }) };
    for (let attempt = 1; attempt < 5; attempt += 1) {
      await expect(processWaiting(broken, ref(id), null)).rejects.toThrow();
      expect(await rowOf(id)).toMatchObject({ state: 'FAILED', reason_code: 'TRANSLATION_FAILED', attempts: attempt });
    }
    await processWaiting(broken, ref(id), null);
    expect(await rowOf(id)).toMatchObject({ state: 'DEAD', reason_code: 'TRANSLATION_FAILED', attempts: 5 });
  });

  it('knows nothing of a delivery that is not there', async () => {
    await work(newId('dlv'));
    expect(await claim(newId('dlv'))).toEqual([]);
  });

  it.each([
    ['orders/updated', 'DONE'], ['orders/paid', 'DONE'], ['orders/cancelled', 'DONE'], ['orders/fulfilled', 'DONE'], ['orders/partially_fulfilled', 'DONE'],
    ['orders/edited', 'IGNORED'], ['orders/delete', 'IGNORED'], ['constructor', 'IGNORED'], ['unknown', 'IGNORED'],
  ])('takes %s and leaves it %s', async (topic, state) => {
    const id = await store(ORDER, topic);
    await work(id);
    expect(await rowOf(id)).toMatchObject({ state });
  });

  it('takes orders/cancelled for the end of the order', async () => {
    const id = await store(ORDER, 'orders/cancelled');
    await work(id);
    expect((await orders()).find((event) => event.data.deliveryId === id)?.data.cancelledAt).toBe('2026-03-01T14:00:02.000Z');
  });
});

describe('a body that cannot be used', () => {
  beforeAll(async () => { connectionId = await connect(); });

  it('lies there dead with the path that does not fit, and one alert counts its likes', async () => {
    const bodies = ['{"currency":"CNY","id":1,"total_price":"1.00","line_items":[{"quantity":1,"price":"secret"}]}', '[]', '{"orders":[]}'];
    const ids: string[] = [];
    for (const body of bodies) {
      const id = await store(body);
      ids.push(id);
      await work(id);
    }
    expect(await Promise.all(ids.map(rowOf))).toMatchObject([
      { state: 'DEAD', reason_code: 'BODY_NOT_AN_ORDER', reason_path: 'line_items.0.price', done: true }, { state: 'DEAD', reason_path: 'body' }, { state: 'DEAD', reason_path: 'currency' },
    ]);
    expect(await openAlerts()).toEqual([{ code: 'DELIVERY_DEAD', severity: 'WARNING', params: { reason: 'BODY_NOT_AN_ORDER', deliveryId: ids[2] }, count: 3 }]);
    expect((await subgraph.recorded('bridge.alert-raised.v1')).filter((event) => event.data.connectionId === connectionId)).toHaveLength(1);
  });

  it('of an order without units is dead for that', async () => {
    const id = await store('{"currency":"CNY","id":1,"total_price":"0","updated_at":"2026-03-01T14:00:02Z","line_items":[]}');
    await work(id);
    expect(await rowOf(id)).toMatchObject({ state: 'DEAD', reason_code: 'NO_LINES', reason_path: 'line_items' });
  });
});

describe('our own fault', () => {
  beforeAll(async () => { connectionId = await connect(); });

  it('is tried five times, then waits for a person', async () => {
    const id = await store(ORDER);
    await change("sealed_body = 's1.t1.AAAA'", id);
    for (let attempt = 1; attempt < 5; attempt += 1) {
      await expect(work(id)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
      expect(await rowOf(id)).toMatchObject({ state: 'FAILED', reason_code: 'TRANSLATION_FAILED', attempts: attempt, done: false });
    }
    await work(id);
    expect(await rowOf(id)).toMatchObject({ state: 'DEAD', reason_code: 'TRANSLATION_FAILED', done: true });
    expect(await openAlerts()).toMatchObject([{ code: 'DELIVERY_DEAD', params: { reason: 'TRANSLATION_FAILED', deliveryId: id } }]);
    await work(id);
    expect(await rowOf(id)).toMatchObject({ attempts: 5 });
  });

  it('gives up a body that was taken up again and again and never finished', async () => {
    const id = await store(ORDER);
    await change('attempts = 10', id);
    await work(id);
    expect(await rowOf(id)).toMatchObject({ state: 'DEAD', reason_code: 'GAVE_UP' });
  });
});

describe('app/uninstalled', () => {
  it('disables the channel and alerts; enabling it again ends the alert', async () => {
    connectionId = await connect();
    const id = await store('{"id":1,"name":"Some shop"}', 'app/uninstalled');
    await work(id);
    expect(await rowOf(id)).toMatchObject({ state: 'DONE' });
    const status = async (): Promise<string> => (await subgraph.ask('query($id: ID!) { channel(id: $id) { status } }', { id: connectionId })).data?.channel.status;
    expect(await status()).toBe('DISABLED');
    expect(await openAlerts()).toMatchObject([{ code: 'CHANNEL_UNINSTALLED', severity: 'CRITICAL' }]);
    await subgraph.ask('mutation($id: ID!) { enableChannel(input: { channelId: $id }) { channel { id } } }', { id: connectionId });
    expect([await status(), await openAlerts()]).toEqual(['ACTIVE', []]);
  });
});

describe('replayDelivery', () => {
  const REPLAY = 'mutation($id: ID!) { replayDelivery(input: { deliveryId: $id }) { delivery { id state attempts reasonCode } userErrors { code } } }';
  const replay = async (id: string, viewer = staffOf(TEST_TENANT)): Promise<Json> => (await subgraph.ask(REPLAY, { id }, viewer)).data?.replayDelivery;
  beforeAll(async () => { connectionId = await connect(); });

  it('has a dead delivery worked on as if it had just come', async () => {
    const id = await store(ORDER);
    await change("state = 'DEAD', reason_code = 'TRANSLATION_FAILED', attempts = 5, dedupe_key = null", id);
    expect(await replay(id)).toEqual({ delivery: { id, state: 'VERIFIED', attempts: 0, reasonCode: null }, userErrors: [] });
    expect(subgraph.enqueued.at(-1)).toEqual({ name: 'bridge.process-delivery', payload: { deliveryId: id, tenantId: TEST_TENANT, connectionId } });
    expect(await replay(id)).toMatchObject({ delivery: null, userErrors: [{ code: 'DELIVERY_IN_PROGRESS' }] });
    await work(id);
    expect(await rowOf(id)).toMatchObject({ state: 'DONE' });
  });

  it('refuses what is not there, not of this tenant, or of a channel that was not granted', async () => {
    const id = await store(ORDER);
    await work(id);
    for (const answer of [await replay(newId('dlv')), await replay(id, staffOf('ten_00000000000000000000000002')), await replay(id, staffOf(TEST_TENANT, { channels: [newId('con')] }))]) {
      expect(answer).toEqual({ delivery: null, userErrors: [{ code: 'DELIVERY_NOT_FOUND' }] });
    }
    expect((await subgraph.ask(REPLAY, { id }, staffOf(TEST_TENANT, { scopes: ['channels:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
  });

  it('forgets after 30 days by which id a delivery is known again, never of one that is still open', async () => {
    const comesAgain = async (dedupeKey: string): Promise<string | undefined> => {
      const id = newId('dlv');
      const { fresh } = await storeDeliveries(subgraph.deps.database, [sealDelivery(subgraph.deps, { id, tenantId: TEST_TENANT, connectionId, head: { topic: 'orders/create', dedupeKey, triggeredAt: null }, body: Buffer.from(ORDER) })]);
      return fresh.has(id) ? id : undefined;
    };
    const [old, young, open] = [(await comesAgain('old'))!, (await comesAgain('young'))!, (await comesAgain('open'))!];
    await work(old);
    await work(young);
    await change("state = 'FAILED'", open);
    for (const id of [old, open]) await change("received_at = app_now() - interval '30 days 1 minute'", id);
    await change("received_at = app_now() - interval '29 days 23 hours'", young);
    expect(await forgetBodies(subgraph.deps.database)).toBe(1);
    expect([await comesAgain('old'), await comesAgain('young'), await comesAgain('open')]).toEqual([expect.stringMatching(/^dlv_/), undefined, undefined]);
    // What became of it stays, and it can still be worked on once more.
    expect(await rowOf(old)).toMatchObject({ state: 'DONE', external_order_id: '9007199254740993123' });
    expect(await replay(old)).toMatchObject({ delivery: { id: old, state: 'VERIFIED' } });
    await work(old);
    await change("state = 'IGNORED', done_at = app_now()", open);
    expect(await forgetBodies(subgraph.deps.database)).toBe(2);
  });

  it('refuses a delivery whose body has been removed after 90 days', async () => {
    const [old, young] = [await store(ORDER), await store(ORDER)];
    await work(old);
    await change("received_at = received_at - interval '91 days'", old);
    // Its id, and its body.
    expect(await forgetBodies(subgraph.deps.database)).toBe(2);
    expect(await subgraph.rows(TEST_TENANT, 'select sealed_body is null as gone from delivery where id = any(array[?, ?]::text[]) order by id', [old, young])).toEqual([{ gone: true }, { gone: false }]);
    expect(await replay(old)).toMatchObject({ userErrors: [{ code: 'DELIVERY_BODY_GONE' }] });
    expect(await rowOf(old)).toMatchObject({ state: 'DONE', external_order_id: '9007199254740993123' });
  });
});

describe('working on all that wait at a channel', () => {
  beforeEach(async () => { connectionId = await connect(); });
  const shops = () => new Shops(channelEnvironment());
  const bodyOf = (id: string): string => ORDER.replaceAll('9007199254740993123', id);
  const jobOf = (deliveryId: string): Promise<void> => processWaiting(subgraph.deps, { tenantId: TEST_TENANT, connectionId, deliveryId }, shops());

  it('brings orders, what is ignored and what is no order each to its own outcome, in their order, with few statements', async () => {
    const ids = [await store(bodyOf('1')), await store(bodyOf('2')), await store('{}', 'themes/update'), await store('no json'), ...await Promise.all(Array.from({ length: 30 }, (_, n) => store(bodyOf(String(n + 10)))))];
    const statements = await subgraph.sql.during(() => jobOf(ids[1]!));
    expect(await Promise.all(ids.slice(0, 5).map(rowOf))).toMatchObject([{ state: 'DONE', attempts: 1 }, { state: 'DONE' }, { state: 'IGNORED' }, { state: 'DEAD', reason_code: 'BODY_NOT_JSON' }, { state: 'DONE' }]);
    const told = await orders();
    expect(told.map((event) => event.data.deliveryId)).toEqual([...ids.slice(0, 2), ...ids.slice(4)].sort());
    // Two for the one that is ignored, some for the alert about the dead one; 32 orders share the rest.
    expect(statements.length).toBeLessThan(20);
    const threads = await subgraph.rows<Json>(TEST_TENANT, "select correlation_id, causation_id, data->>'deliveryId' as delivery from outbox where type = 'bridge.order-received.v1' and data->>'connectionId' = ?", [connectionId]);
    expect(threads.every((row) => row.correlation_id === row.delivery && row.causation_id === row.delivery)).toBe(true);
  });

  it('of one object are told in the order in which they came, whichever job begins and whatever lies between them', async () => {
    const ids: string[] = [];
    for (let minute = 10; minute < 22; minute += 1) {
      for (const order of ['7', '8']) ids.push(await store(bodyOf(order).replaceAll(/"updated_at": ?"[^"]*"/g, `"updated_at": "2026-03-01T14:${minute}:00Z"`)));
      ids.push(await store(minute % 2 === 0 ? '{}' : 'no json', minute % 2 === 0 ? 'themes/update' : 'orders/updated'));
    }
    await Promise.all([ids.at(-1)!, ids[17]!, ids[2]!].map(jobOf));
    const told = await orders();
    for (const order of ['7', '8']) {
      expect(told.filter(({ data }) => data.externalOrderId === order).map(({ data }) => data.updatedAt)).toEqual(Array.from({ length: 12 }, (_, n) => `2026-03-01T14:${n + 10}:00.000Z`));
    }
  });

  it('of one object are told in their order also by two workers with pools of their own, and none is lost when one leaves or dies', async () => {
    const other = await openDatabase(databaseDefinition(bridge), { app: subgraph.systemUrl.replace('bridge_system', 'bridge_app'), system: subgraph.systemUrl, owner: subgraph.systemUrl });
    try {
      const jobs: { deliveryId: string }[] = [];
      const elsewhere = (deliveryId: string): Promise<void> => processWaiting({ ...subgraph.deps, database: other, jobs: { enqueue: async (_name, payload) => { jobs.push(payload as never); } } }, { tenantId: TEST_TENANT, connectionId, deliveryId }, shops());
      const stateAt = (minute: number): Promise<string> => store(bodyOf('7').replaceAll(/"updated_at": ?"[^"]*"/g, `"updated_at": "2026-03-01T14:${minute}:00Z"`));
      const [first, second] = [await stateAt(10), await stateAt(11)];
      // The first worker holds the older state, and has not told it yet.
      const lane = { tenantId: TEST_TENANT, connectionId, holder: 'first' };
      expect((await claimDeliveries(subgraph.deps.database, { ...lane, own: [first] }, 1))?.map(({ id }) => id)).toEqual([first]);
      await elsewhere(second);
      expect([await orders(), (await rowOf(second)).state]).toEqual([[], 'VERIFIED']);
      // It leaves, and hears that somebody came; whoever is asked then tells both.
      expect(await leaveLane(subgraph.deps.database, lane)).toBe(true);
      await elsewhere(first);
      expect((await orders()).map(({ data }) => data.deliveryId)).toEqual([first, second]);

      // One that died with the lane keeps it for seconds and no longer.
      const third = await stateAt(12);
      expect(await claimDeliveries(subgraph.deps.database, { ...lane, own: [] }, 0)).toEqual([]);
      await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update delivery_lane set leased_until = app_now() - interval '1 second' where connection_id = ?", [connectionId]));
      await elsewhere(third);
      expect((await orders()).map(({ data }) => data.deliveryId)).toEqual([first, second, third]);
      expect(await leaveLane(subgraph.deps.database, lane)).toBe(false);

      // Both at once over many, whoever has the channel: each object in its order, and what nobody had is asked for again.
      const many: string[] = [];
      for (let minute = 13; minute < 53; minute += 1) many.push(await stateAt(minute), await store(bodyOf(String(minute + 100))), await store('{}', 'themes/update'));
      await Promise.all(many.flatMap((id, n) => (n % 7 === 0 ? [n % 2 === 0 ? jobOf(id) : elsewhere(id)] : [])));
      for (const { deliveryId } of jobs) await elsewhere(deliveryId);
      await jobOf(newId('dlv'));
      expect((await orders()).filter(({ data }) => data.externalOrderId === '7').map(({ data }) => data.updatedAt)).toEqual(Array.from({ length: 43 }, (_, n) => `2026-03-01T14:${n + 10}:00.000Z`));
      expect(await subgraph.rows(TEST_TENANT, "select 1 from delivery where connection_id = ? and state not in ('DONE', 'IGNORED')", [connectionId])).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('go on at once in a process that lost its database before it gave the channel back', async () => {
    let isLost = true;
    const database: Database = new Proxy(subgraph.deps.database, {
      get: (real, name) => {
        if (name === 'write') return (tenantId: string, label: string, run: never) => (isLost && label === 'leave-lane' ? Promise.reject(new Error('Connection terminated unexpectedly')) : real.write(tenantId, label, run));
        const value = real[name as keyof Database] as unknown;
        return typeof value === 'function' ? value.bind(real) : value;
      },
    });
    const here = (deliveryId: string): Promise<void> => processWaiting({ ...subgraph.deps, database }, { tenantId: TEST_TENANT, connectionId, deliveryId }, shops());
    await expect(here(await store(bodyOf('21')))).rejects.toThrow('terminated');
    isLost = false;
    const next = await store(bodyOf('22'));
    await here(next);
    expect((await rowOf(next)).state).toBe('DONE');
  });

  it('leaves none and tells none twice where many jobs do it at once', async () => {
    const ids = await Promise.all(Array.from({ length: 150 }, (_, n) => store(bodyOf(String(n + 100)))));
    await Promise.all([ids[0]!, ids[70]!, ids[149]!, newId('dlv')].map(jobOf));
    expect((await orders()).map((event) => event.data.deliveryId).sort()).toEqual([...ids].sort());
    expect(await subgraph.rows(TEST_TENANT, "select 1 from delivery where connection_id = ? and state <> 'DONE'", [connectionId])).toEqual([]);
  });

  it('keeps the others where one cannot be kept', async () => {
    const [good, bad, last] = [await store(bodyOf('1')), await store(bodyOf('2')), await store(bodyOf('3'))];
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update delivery set sealed_body = 's1.t1.broken' where id = ?", [bad]));
    await jobOf(good);
    expect(await Promise.all([good, bad, last].map(rowOf))).toMatchObject([{ state: 'DONE' }, { state: 'FAILED', reason_code: 'TRANSLATION_FAILED' }, { state: 'DONE' }]);
    // Its own job fails, and is tried again.
    await change("sealed_body = 's1.t1.broken'", bad);
    await expect(jobOf(bad)).rejects.toThrow();
  });
});
