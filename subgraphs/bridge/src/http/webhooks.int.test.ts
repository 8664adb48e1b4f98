import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gbk } from '@quanyu/channel-sandbox';
import { newId } from '@quanyu/ids';
import { configureLog } from '@quanyu/telemetry';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { bridge } from '../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
const SECRET = 'FAKE_SECRET_for_tests_1';
const MIB = 1024 * 1024;
const ORDER = readFileSync(new URL('../channels/shopify/fixtures/orders-create-paid-usd.json', import.meta.url));

let subgraph: TestSubgraph;
let door: string;
const lines: string[] = [];
beforeAll(async () => {
  configureLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  subgraph = await openTestSubgraph(bridge);
  door = await subgraph.listen();
});
afterAll(() => subgraph.close());

interface Connection { readonly id: string; readonly path: string; readonly tenantId: string }
const CONNECT = 'mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } webhookPath userErrors { code } } }';
async function connect(over: object = {}, tenantId = TEST_TENANT): Promise<Connection> {
  const input = { platform: 'SHOPIFY', name: 'Demo', webhookSecret: SECRET, idempotencyKey: newId('req'), ...over };
  const { data } = await subgraph.ask(CONNECT, { input }, staffOf(tenantId));
  const { channel, webhookPath } = data!.connectChannel;
  return { id: channel.id, path: webhookPath, tenantId };
}

const sign = (body: Buffer | string, secret = SECRET): string => createHmac('sha256', secret).update(body).digest('base64');
interface Sent { readonly status: number; readonly body: Json }
async function send(path: string, body: Buffer | string, headers: Record<string, string> = {}, url = door): Promise<Sent> {
  const answer = await fetch(url + path, {
    method: 'POST', body,
    headers: { 'content-type': 'application/json', 'x-shopify-topic': 'orders/create', 'x-shopify-hmac-sha256': sign(body), 'x-shopify-webhook-id': randomUUID(), ...headers },
  });
  return { status: answer.status, body: await answer.json() };
}

const deliveriesOf = ({ id, tenantId }: Connection): Promise<Json[]> =>
  subgraph.rows(tenantId, 'select id, topic, state, reason_code, reason_path, body_bytes, sealed_body, dedupe_key from delivery where connection_id = ? order by id', [id]);
const refusalsOf = ({ id, tenantId }: Connection): Promise<Json[]> =>
  subgraph.rows(tenantId, 'select last_reason, count from delivery_refusal where connection_id = ? order by minute', [id]);
const enqueuedOf = ({ id }: Connection): Json[] => subgraph.enqueued.filter((job) => (job.payload as Json).connectionId === id);
const runJob = (name: string, payload: unknown): Promise<void> =>
  bridge.jobs!(subgraph.deps).definitions.find((job) => job.name === name)!.run(payload, { signal: new AbortController().signal, attempt: 1 });
const dueOf = async ({ id }: Connection): Promise<Json[]> => {
  const found: Json[] = [];
  for await (const batch of bridge.jobs!(subgraph.deps).definitions.find((job) => job.name === 'bridge.process-delivery')!.due!()) found.push(...batch);
  return found.filter(({ payload }) => payload.connectionId === id);
};
const work = async (connection: Connection): Promise<void> => {
  for (const { name, payload } of enqueuedOf(connection)) await runJob(name, payload);
};
const ordersOf = async ({ id }: Connection): Promise<Json[]> =>
  (await subgraph.recorded('bridge.order-received.v1')).filter((event) => event.data.connectionId === id);

describe('a genuine webhook', () => {
  it('is stored sealed and answered, and its job is asked for with ids only', async () => {
    const connection = await connect();
    expect(await send(connection.path, ORDER)).toEqual({ status: 200, body: { received: true } });
    const [delivery] = await deliveriesOf(connection);
    expect(delivery).toMatchObject({ topic: 'orders/create', state: 'VERIFIED', reason_code: null, body_bytes: ORDER.length });
    expect(delivery.sealed_body).toMatch(/^s1\./);
    expect(enqueuedOf(connection)).toEqual([{ name: 'bridge.process-delivery', payload: { deliveryId: delivery.id, tenantId: TEST_TENANT, connectionId: connection.id } }]);
    await work(connection);
    expect(await deliveriesOf(connection)).toMatchObject([{ state: 'DONE' }]);
    expect(await ordersOf(connection)).toMatchObject([{ data: { orderNumber: '#2001', paymentState: 'PAID' } }]);
  });

  it('changes nothing when it comes ten times more, or twice at once', async () => {
    const connection = await connect();
    const again = { 'x-shopify-webhook-id': 'w-1' };
    const answers = await Promise.all([send(connection.path, ORDER, again), send(connection.path, ORDER, again)]);
    for (let n = 0; n < 10; n += 1) answers.push(await send(connection.path, ORDER, again));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    await work(connection);
    expect((await send(connection.path, ORDER, again)).status).toBe(200);
    expect(await deliveriesOf(connection)).toMatchObject([{ state: 'DONE' }]);
    expect(enqueuedOf(connection)).toHaveLength(1);
    expect(await ordersOf(connection)).toHaveLength(1);
  });

  it('is another one under another topic', async () => {
    const connection = await connect();
    await send(connection.path, ORDER, { 'x-shopify-webhook-id': 'w-1' });
    await send(connection.path, ORDER, { 'x-shopify-webhook-id': 'w-1', 'x-shopify-topic': 'orders/paid' });
    expect(await deliveriesOf(connection)).toHaveLength(2);
  });

  it('without an id of its own is the same only while its like is unprocessed', async () => {
    const connection = await connect();
    const bare = async (body: Buffer | string): Promise<number> => (await fetch(door + connection.path, {
      method: 'POST', body, headers: { 'x-shopify-topic': 'orders/create', 'x-shopify-hmac-sha256': sign(body) },
    })).status;
    expect(await Promise.all([bare(ORDER), bare(ORDER), bare('{"other":1}')])).toEqual([200, 200, 200]);
    expect(await deliveriesOf(connection)).toHaveLength(2);
    await work(connection);
    expect(await bare(ORDER)).toBe(200);
    expect(await deliveriesOf(connection)).toHaveLength(3);
  });

  it('falls back to the id of the event, and takes strange headers for missing', async () => {
    const connection = await connect();
    await send(connection.path, ORDER, { 'x-shopify-webhook-id': 'x'.repeat(500), 'x-shopify-event-id': 'e-1', 'x-shopify-topic': 'Robert; drop table', 'x-shopify-triggered-at': 'yesterday' });
    expect(await deliveriesOf(connection)).toMatchObject([{ topic: 'unknown', dedupe_key: 'e-1 unknown' }]);
  });

  it('of a topic that means nothing to us is IGNORED', async () => {
    const connection = await connect();
    expect((await send(connection.path, '{"id":1}', { 'x-shopify-topic': 'themes/update' })).status).toBe(200);
    await work(connection);
    expect(await deliveriesOf(connection)).toMatchObject([{ state: 'IGNORED', reason_code: 'TOPIC_NOT_HANDLED' }]);
  });

  it.each([['words', 'not json'], ['nothing', ''], ['bytes that are no text', Buffer.from([0xff, 0x00, 0xfe])]])('of %s instead of JSON is answered and lies there dead', async (_what, body) => {
    const connection = await connect();
    expect((await send(connection.path, body)).status).toBe(200);
    await work(connection);
    const query = 'query($id: ID!) { deliveries(filter: { channelId: $id, state: DEAD }) { nodes { reasonCode state bodyBytes attempts doneAt } } alerts(filter: { state: OPEN }) { nodes { code channel { id } message } } }';
    const { data } = await subgraph.ask(query, { id: connection.id });
    expect(data?.deliveries.nodes).toEqual([{ reasonCode: 'BODY_NOT_JSON', state: 'DEAD', bodyBytes: Buffer.from(body).length, attempts: 1, doneAt: expect.any(String) }]);
    expect(data?.alerts.nodes.find((alert: Json) => alert.channel?.id === connection.id)).toMatchObject({ code: 'DELIVERY_DEAD', message: expect.stringContaining('BODY_NOT_JSON') });
  });

  it('is answered although its job cannot be asked for; what is due finds it, until it is done', async () => {
    const connection = await connect();
    const broken = await subgraph.listen((app) => bridge.http!(app, { ...subgraph.deps, jobs: { enqueue: () => Promise.reject(new Error('queue away')) } }));
    expect((await send(connection.path, ORDER, {}, broken)).status).toBe(200);
    expect([enqueuedOf(connection), await dueOf(connection)]).toEqual([[], []]);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update delivery set changed_at = changed_at - interval '6 seconds' where connection_id = ?", [connection.id]));
    const [{ id: deliveryId }] = await deliveriesOf(connection) as [Json];
    const payload = { deliveryId, tenantId: TEST_TENANT, connectionId: connection.id };
    expect(await dueOf(connection)).toEqual([{ payload, jobId: deliveryId }]);
    await runJob('bridge.process-delivery', payload);
    expect(await ordersOf(connection)).toHaveLength(1);
    expect(await dueOf(connection)).toEqual([]);
  });

  it('in pieces, in another charset, and with keys that reach for prototypes is kept byte for byte and harms nobody', async () => {
    const connection = await connect();
    const pieces = ORDER;
    const answered = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(door + connection.path, { method: 'POST', headers: { 'x-shopify-topic': 'orders/create', 'x-shopify-hmac-sha256': sign(pieces), 'transfer-encoding': 'chunked' } }, (response) => { response.resume(); resolve(response.statusCode ?? 0); });
      request.on('error', reject);
      for (let at = 0; at < pieces.length; at += 997) request.write(pieces.subarray(at, at + 997));
      request.end();
    });
    const charset = gbk('{"id":1,"note":"退款"}');
    expect([answered, (await send(connection.path, charset, { 'content-type': 'application/json; charset=gbk' })).status]).toEqual([200, 200]);
    for (const body of ['{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}', `${ORDER.toString().slice(0, ORDER.lastIndexOf('}'))},"__proto__":{"currency":"USD","isAdmin":true}}`]) expect((await send(connection.path, body)).status).toBe(200);
    await work(connection);
    expect(await deliveriesOf(connection)).toMatchObject([{ state: 'DONE', body_bytes: pieces.length }, { state: 'DEAD', reason_code: 'BODY_NOT_JSON', body_bytes: charset.length }, { state: 'DEAD', reason_code: 'BODY_NOT_AN_ORDER' }, { state: 'DONE' }]);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    const [kept] = await subgraph.rows<{ id: string; sealed_body: string }>(TEST_TENANT, "select id, sealed_body from delivery where connection_id = ? and reason_code = 'BODY_NOT_JSON'", [connection.id]) as [{ id: string; sealed_body: string }];
    expect(Buffer.from(subgraph.deps.vault.open(kept.sealed_body, { tenantId: TEST_TENANT, row: kept.id, field: 'delivery-body' }), 'latin1')).toEqual(charset);
  });

  it('of many shops and tenants that come together are stored together, each with its own tenant, and one that cannot be does not harm the others', async () => {
    const [mine, theirs] = [await connect(), await connect({}, 'ten_00000000000000000000000002')];
    const twice = randomUUID();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => send(n % 2 === 0 ? mine.path : theirs.path, `{"id":${n}}`, n % 10 === 0 ? { 'x-shopify-webhook-id': twice } : n === 7 ? { 'x-shopify-topic': 'orders/\u00e9' } : {})));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect([(await deliveriesOf(mine)).length, (await deliveriesOf(theirs)).length]).toEqual([17, 20]);
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from delivery where connection_id = ?', [theirs.id])).toEqual([]);
  });

  it('is found among more than a page of others, each once', async () => {
    const connection = await connect();
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(
      `insert into delivery (id, tenant_id, connection_id, topic, body_hash, body_bytes, state, changed_at)
       select 'dlv_due' || n, ?, ?, 'orders/create', 'hash' || n, 0, 'VERIFIED', app_now() - interval '1 hour' - (n / 7) * interval '1 second' from generate_series(1, 1203) n`,
      [TEST_TENANT, connection.id]));
    const due = await dueOf(connection);
    expect([due.length, new Set(due.map(({ jobId }) => jobId)).size]).toEqual([1203, 1203]);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update delivery set state = 'IGNORED', done_at = app_now() where connection_id = ?", [connection.id]));
  });
});

describe('what is refused at the door', () => {
  it('wrong and missing signatures leave nothing but a count', async () => {
    const connection = await connect();
    const forged: Record<string, string>[] = [
      { 'x-shopify-hmac-sha256': sign(ORDER, 'FAKE_SECRET_of_somebody') }, { 'x-shopify-hmac-sha256': sign(`${ORDER} `) },
      { 'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(ORDER).digest('hex') }, { 'x-shopify-hmac-sha256': '' },
    ];
    for (const headers of forged) expect(await send(connection.path, ORDER, headers)).toMatchObject({ status: 401, body: { error: { code: 'SIGNATURE_INVALID', requestId: expect.stringMatching(/^req_/) } } });
    await Promise.all(Array.from({ length: 30 }, () => send(connection.path, ORDER, forged[0])));
    expect(await deliveriesOf(connection)).toEqual([]);
    expect(enqueuedOf(connection)).toEqual([]);
    const refusals = await refusalsOf(connection);
    expect(refusals.reduce((sum, { count }) => sum + count, 0)).toBe(34);
    // Two when the minute turned meanwhile.
    expect(refusals.length).toBeLessThanOrEqual(2);
    const { data } = await subgraph.ask('query($id: ID!) { channel(id: $id) { webhooksRefusedLastDay } }', { id: connection.id });
    expect(data?.channel).toEqual({ webhooksRefusedLastDay: 34 });
  });

  it("another shop's webhook, though signed with the app's secret", async () => {
    const connection = await connect({ shopDomain: 'Quanyu-Door.myshopify.com' });
    expect((await send(connection.path, ORDER, { 'x-shopify-shop-domain': 'quanyu-door.myshopify.com' })).status).toBe(200);
    expect((await send(connection.path, ORDER)).status).toBe(200);
    expect((await send(connection.path, ORDER, { 'x-shopify-shop-domain': 'somebody-else.myshopify.com' })).status).toBe(401);
    expect(await refusalsOf(connection)).toMatchObject([{ last_reason: 'SHOP_MISMATCH', count: 1 }]);
    expect(await deliveriesOf(connection)).toHaveLength(2);
  });

  it('unknown, malformed and disabled connections, and another platform', async () => {
    const connection = await connect();
    await subgraph.ask('mutation($id: ID!) { disableChannel(input: { channelId: $id }) { channel { status } } }', { id: connection.id });
    for (const path of [`/webhooks/shopify/${newId('con')}`, '/webhooks/shopify/con_x', `/webhooks/shoplazza/${connection.id}`, connection.path]) {
      expect(await send(path, ORDER)).toMatchObject({ status: 404, body: { error: { code: 'CHANNEL_NOT_FOUND' } } });
    }
    expect(await deliveriesOf(connection)).toEqual([]);
    await subgraph.ask('mutation($id: ID!) { enableChannel(input: { channelId: $id }) { channel { status } } }', { id: connection.id });
    expect((await send(connection.path, ORDER)).status).toBe(200);
  });

  it('more than 4 MiB, told or found out on the way, and not a byte less', async () => {
    const connection = await connect();
    expect((await send(connection.path, Buffer.alloc(4 * MIB, ' '))).status).toBe(200);
    expect(await send(connection.path, Buffer.alloc(4 * MIB + 1, ' '))).toMatchObject({ status: 413, body: { error: { code: 'BODY_TOO_LARGE' } } });
    const chunked = await new Promise<Sent>((resolve, reject) => {
      const request = httpRequest(door + connection.path, { method: 'POST', headers: { 'x-shopify-hmac-sha256': 'x', 'transfer-encoding': 'chunked' } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      });
      request.on('error', reject);
      for (let n = 0; n < 5; n += 1) request.write(Buffer.alloc(MIB, ' '));
      request.end();
    });
    expect(chunked).toMatchObject({ status: 413, body: { error: { code: 'BODY_TOO_LARGE' } } });
    expect(await deliveriesOf(connection)).toHaveLength(1);
  });

  it('content encodings, and paths that cannot be read', async () => {
    const connection = await connect();
    expect(await send(connection.path, gzipSync(ORDER), { 'content-encoding': 'gzip' })).toMatchObject({ status: 415, body: { error: { code: 'CONTENT_ENCODING_UNSUPPORTED' } } });
    expect(await send('/webhooks/shopify/%E0%A4%A', ORDER)).toMatchObject({ status: 400, body: { error: { code: 'REQUEST_INVALID' } } });
    expect(await send('/webhooks/shopify/con_x', ORDER, { 'accept-language': 'zh-CN' })).toMatchObject({ body: { error: { message: '此地址没有渠道。' } } });
  });

  it('a webhook that cannot be stored, so that the platform sends it again', async () => {
    const connection = await connect();
    const { system } = subgraph.deps.database;
    const query = (asked: { name?: string }): Promise<unknown> => (asked.name === 'store-deliveries' ? Promise.reject(new Error('database away')) : system.query(asked as never));
    const broken = await subgraph.listen((app) => bridge.http!(app, { ...subgraph.deps, database: { name: 'bridge', system: { query } } as never }));
    expect(await send(connection.path, ORDER, {}, broken)).toMatchObject({ status: 503, body: { error: { code: 'UNAVAILABLE' } } });
  });
});

describe('a shop that was known a moment ago', () => {
  it('is asked for no more: one statement verifies what is remembered of it, and stores', async () => {
    const connection = await connect();
    const { system } = subgraph.deps.database;
    const asked: string[] = [];
    const query = (statement: { name: string }): Promise<unknown> => { asked.push(statement.name); return system.query(statement as never); };
    const watched = await subgraph.listen((app) => bridge.http!(app, { ...subgraph.deps, database: { name: 'bridge', system: { query } } as never }));
    for (let n = 0; n < 3; n += 1) expect((await send(connection.path, ORDER, {}, watched)).status).toBe(200);
    expect(asked).toEqual(['webhook-connections', 'store-deliveries', 'store-deliveries', 'store-deliveries']);
    expect(await deliveriesOf(connection)).toHaveLength(3);
  });

  it('and has been disabled since is refused at once, and takes nobody along who came at the same moment', async () => {
    const [gone, stays] = [await connect(), await connect({}, OTHER_TENANT)];
    for (const { path } of [gone, stays]) expect((await send(path, ORDER)).status).toBe(200);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update channel_connection set status = 'DISABLED' where id = ?", [gone.id]));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => send((n % 2 === 0 ? gone : stays).path, ORDER)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 404 : 200)));
    expect([(await deliveriesOf(gone)).length, (await deliveriesOf(stays)).length]).toEqual([1, 11]);
  });

  it('and has another secret since is verified by that one alone', async () => {
    const connection = await connect();
    expect((await send(connection.path, ORDER)).status).toBe(200);
    const sealed = subgraph.deps.vault.seal('FAKE_SECRET_put_there', { tenantId: TEST_TENANT, row: connection.id, field: 'webhook-secret' });
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update channel_connection set sealed_secrets = jsonb_build_array(sealed_secrets->0 || jsonb_build_object('sealed', ?::text)) where id = ?", [sealed, connection.id]));
    expect((await send(connection.path, ORDER)).status).toBe(401);
    expect((await send(connection.path, ORDER, { 'x-shopify-hmac-sha256': sign(ORDER, 'FAKE_SECRET_put_there') })).status).toBe(200);
    expect(await deliveriesOf(connection)).toHaveLength(2);
    expect(await refusalsOf(connection)).toMatchObject([{ count: 1 }]);
  });
});

describe('two secrets', () => {
  const ROTATE = 'mutation($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { webhookSecret userErrors { code } } }';
  const rotate = async (channelId: string, webhookSecret?: string): Promise<Json> => (await subgraph.ask(ROTATE, { input: { channelId, webhookSecret } })).data?.rotateWebhookSecret;
  const statusWith = async (connection: Connection, secret: string): Promise<number> => (await send(connection.path, ORDER, { 'x-shopify-hmac-sha256': sign(ORDER, secret) })).status;

  it('are live while they are rotated, never three', async () => {
    const connection = await connect();
    const { webhookSecret: second } = await rotate(connection.id);
    expect([await statusWith(connection, SECRET), await statusWith(connection, second)]).toEqual([200, 200]);
    const { webhookSecret: third } = await rotate(connection.id, 'FAKE_SECRET_for_tests_3');
    expect([await statusWith(connection, SECRET), await statusWith(connection, second), await statusWith(connection, third)]).toEqual([401, 200, 200]);
  });

  it('refuses one that is in use, malformed, or of a channel that is not there', async () => {
    const connection = await connect();
    expect(await rotate(connection.id, SECRET)).toMatchObject({ webhookSecret: null, userErrors: [{ code: 'WEBHOOK_SECRET_UNCHANGED' }] });
    expect(await rotate(connection.id, 'short')).toMatchObject({ userErrors: [{ code: 'WEBHOOK_SECRET_INVALID' }] });
    expect(await rotate(newId('con'))).toMatchObject({ userErrors: [{ code: 'CHANNEL_NOT_FOUND' }] });
  });
});

describe('two tenants', () => {
  it('have their own connections, secrets and deliveries', async () => {
    const mine = await connect();
    const theirs = await connect({ webhookSecret: 'FAKE_SECRET_of_the_others' }, OTHER_TENANT);
    expect((await send(theirs.path, ORDER)).status).toBe(401);
    expect((await send(theirs.path, ORDER, { 'x-shopify-hmac-sha256': sign(ORDER, 'FAKE_SECRET_of_the_others') })).status).toBe(200);
    expect(enqueuedOf(theirs)).toMatchObject([{ payload: { tenantId: OTHER_TENANT } }]);
    const query = 'query($id: ID!) { channel(id: $id) { id } deliveries(filter: { channelId: $id }) { totalCount nodes { id } } }';
    expect((await subgraph.ask(query, { id: theirs.id })).data).toEqual({ channel: null, deliveries: { totalCount: 0, nodes: [] } });
    expect((await subgraph.ask(query, { id: theirs.id }, staffOf(OTHER_TENANT))).data).toMatchObject({ channel: { id: theirs.id }, deliveries: { totalCount: 1 } });
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from delivery where connection_id = ?', [theirs.id])).toEqual([]);
    // A job that is told the wrong tenant finds nothing to do.
    await runJob('bridge.process-delivery', { ...enqueuedOf(theirs)[0].payload, tenantId: TEST_TENANT });
    expect(await deliveriesOf(theirs)).toMatchObject([{ state: 'VERIFIED' }]);
    expect((await send(mine.path, ORDER)).status).toBe(200);
  });
});

describe('personal data', () => {
  const CANARIES = ['Canaria Vogelsang', 'Vogelsang', '5550177', '555-0177', 'canaria@example.com', 'Kanarienweg'];
  const BODY = ORDER.toString()
    .replaceAll('Test Buyer', 'Canaria Vogelsang').replaceAll('"Buyer"', '"Vogelsang"').replaceAll('"Test"', '"Canaria"')
    .replaceAll('(217) 555-0123', '(217) 555-0177').replaceAll(/buyer@example.com/gi, 'canaria@example.com').replaceAll('1 Example Road', 'Kanarienweg 7');

  it('is nowhere in clear: not in tables, queue, events or log', async () => {
    const connection = await connect({ shopDomain: 'canary.myshopify.com' });
    expect(BODY).toContain('Kanarienweg');
    await send(connection.path, BODY);
    await send(connection.path, BODY.replace('"currency": "USD"', '"currency": "Kanarienweg"'));
    await send(connection.path, `${BODY},`);
    await send(connection.path, BODY, { 'x-shopify-hmac-sha256': 'Kanarienweg' });
    await work(connection);
    expect(await deliveriesOf(connection)).toMatchObject([{ state: 'DONE' }, { state: 'DEAD', reason_path: 'currency' }, { state: 'DEAD', reason_code: 'BODY_NOT_JSON' }]);
    const tables = await subgraph.rows<{ name: string }>(TEST_TENANT, "select table_name as name from information_schema.tables where table_schema = 'bridge'");
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['delivery', 'outbox', 'alert', 'channel_connection', 'delivery_refusal']));
    const written = [JSON.stringify(subgraph.enqueued), ...lines];
    for (const { name } of tables) {
      if (name === 'outbox_cursor' || name.startsWith('mikro_orm')) continue;
      written.push(...(await subgraph.rows<{ text: string }>(TEST_TENANT, `select t::text as text from "${name}" t`)).map(({ text }) => text));
    }
    const everything = written.join('\n');
    expect(everything).toContain(connection.id);
    expect(everything).not.toContain(SECRET);
    for (const canary of CANARIES) expect(everything).not.toContain(canary);
  });
});
