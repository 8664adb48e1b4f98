import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxRequest } from '@quanyu/channel-sandbox';
import { orderCancelled, orderConfirmed } from '@quanyu/events';
import { buyerOf } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, type Json, type TestSubgraph } from '@quanyu/testing';
import { Webhook } from 'standardwebhooks';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { dueMessages } from '../../queries/due-messages.js';
import { bridge } from '../../subgraph.js';
import { raiseAlert, resolveAlertsOf } from './alerts.js';
import type { Ways } from './message-ways.js';
import { findSilentChannels } from './find-silent-channels.js';
import { sendMessage } from './send-message.js';
import { summariseDays } from './summarise-day.js';
import { smtpMailer } from '../../outbound/mailer.js';
import type { Sms } from '../../outbound/sms.js';
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';

let subgraph: TestSubgraph;
let partner: Sandbox;
let shops: Shops;
let tenantId: string;
let answers: number;
const heard: SandboxRequest[] = [];

beforeAll(async () => {
  subgraph = await openTestSubgraph(bridge);
  partner = await startSandbox([{ name: 'partner', owns: () => true, answer: (request) => { heard.push(request); return { status: answers }; } }]);
});
afterAll(async () => { await partner.close(); await subgraph.close(); });
beforeEach(() => {
  heard.length = 0;
  answers = 204;
  tenantId = newId('ten');
  shops = new Shops(channelEnvironment({}), new Outbound({ via: partner.url, backoffMs: 1 }));
});
afterEach(() => shops.close());

const FIELDS = 'endpoint { id host status topics messages { id topic state attempts failureCode } } secret userErrors { code field }';
const mutate = async (mutation: string, variables: Record<string, unknown>, viewer = staffOf(tenantId)): Promise<Json> => {
  const { data, errors } = await subgraph.ask(mutation, variables, viewer);
  expect(errors).toEqual([]);
  return Object.values(data!)[0];
};
const create = (over: object = {}): Promise<Json> => mutate(`mutation($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { ${FIELDS} } }`, { input: { name: 'Partner', url: 'https://partner.example.com/hooks?key=k', topics: ['ORDER_CONFIRMED', 'ALERT_RAISED', 'ALERT_RESOLVED'], ...over } });
const confirmed = () => orderConfirmed({ tenantId, sequence: 1, data: {
  orderId: newId('ord'), connectionId: newId('con'), paidAt: '2026-03-01T00:00:00.000Z', customer: { externalId: 'buyer-77', phoneIndex: 'idx', emailIndex: null, sealed: 's1.sealed' },
  amounts: { currency: 'CNY', itemsMinor: 8730, discountMinor: 980, shippingMinor: 800, taxMinor: 0, taxesIncluded: true, totalMinor: 8550 },
} });
const due = async (): Promise<string[]> => (await dueMessages(subgraph.deps.database)).filter((ref) => ref.tenantId === tenantId).map(({ messageId }) => messageId);
const send = async (): Promise<void> => { for (const messageId of await due()) await sendMessage(subgraph.deps, shops, { tenantId, messageId }); };
const sql = (statement: string): Promise<unknown> => subgraph.deps.database.write(tenantId, 'test', (em) => em.execute(statement));
const endpoints = async (): Promise<Json[]> => (await subgraph.ask('{ webhookEndpoints { id status failingSince messages { id topic state attempts failureCode } } }', {}, staffOf(tenantId))).data!['webhookEndpoints'];
const alert = (raise: boolean): Promise<void> => subgraph.deps.database.write(tenantId, 'test', (em) => (raise
  ? raiseAlert(em, { tenantId, code: 'CHANNEL_READ_FAILING', subjectKind: 'CHANNEL', subjectId: 'con_a', connectionId: 'con_a', params: { reason: 'PLATFORM_DOWN', times: 3 } })
  : resolveAlertsOf(em, tenantId, { code: 'CHANNEL_READ_FAILING', subjectId: 'con_a' })));

describe('a partner', () => {
  it('hears of an order once, signed as Standard Webhooks says, and of nobody who bought', async () => {
    const { endpoint, secret, userErrors } = await create();
    expect([endpoint.host, userErrors]).toEqual(['partner.example.com', []]);
    const event = await subgraph.deliver(confirmed());
    await subgraph.redeliver(event);
    await subgraph.deliver(orderCancelled({ tenantId, sequence: 1, data: { orderId: newId('ord'), connectionId: newId('con'), reason: 'VOIDED', wasConfirmed: false } }));
    await send();
    await send();
    expect(heard).toHaveLength(1);
    const [{ headers, body, path, query }] = heard as [SandboxRequest];
    expect([path, query.get('key')]).toEqual(['/hooks', 'k']);
    const verified = new Webhook(secret).verify(body.toString(), headers as Record<string, string>);
    expect(verified).toMatchObject({ type: 'order.confirmed', data: { amounts: { totalMinor: 8550 } } });
    expect(() => new Webhook(secret).verify(body.toString().replace('8550', '8551'), headers as Record<string, string>)).toThrow();
    expect(body.toString()).not.toMatch(/buyer-77|sealed|idx/);
    expect(headers['webhook-id']).toBe((await endpoints())[0].messages[0].id);
  });

  it('may take its time with a new secret: messages are signed with both', async () => {
    const { endpoint, secret } = await create();
    const rotated = await mutate(`mutation($id: ID!) { rotateWebhookEndpointSecret(endpointId: $id) { ${FIELDS} } }`, { id: endpoint.id });
    expect(rotated.secret).not.toBe(secret);
    await subgraph.deliver(confirmed());
    await send();
    for (const one of [secret, rotated.secret]) expect(new Webhook(one).verify(heard[0]!.body.toString(), heard[0]!.headers as Record<string, string>)).toMatchObject({ type: 'order.confirmed' });
  });

  it('that does not answer is told again after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h, then when a person says so, under the same id', async () => {
    await create();
    await subgraph.deliver(confirmed());
    answers = 500;
    const waits: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      await sql('update webhook_message set next_at = app_now()');
      await send();
      const [{ wait }] = await subgraph.rows<{ wait: number }>(tenantId, 'select round(extract(epoch from next_at - app_now()))::int as wait from webhook_message') as [{ wait: number }];
      waits.push(wait);
      await shops.close();
      shops = new Shops(channelEnvironment({}), new Outbound({ via: partner.url, backoffMs: 1 }));
    }
    expect(waits.slice(0, 6)).toEqual([5, 300, 1800, 7200, 18000, 36000]);
    const [{ messages: [dead] }] = await endpoints() as [Json];
    expect(dead).toMatchObject({ state: 'DEAD', attempts: 7, failureCode: 'PLATFORM_DOWN' });
    answers = 200;
    await mutate(`mutation($id: ID!) { replayWebhookMessage(messageId: $id) { ${FIELDS} } }`, { id: dead.id });
    await send();
    expect([heard.at(-1)!.headers['webhook-id'], (await endpoints())[0].messages[0].state]).toEqual([dead.id, 'SENT']);
  });

  it('that has taken nothing for five days is not asked any more, until it is switched on again', async () => {
    const { endpoint } = await create();
    await subgraph.deliver(confirmed());
    answers = 410;
    await sql("update webhook_endpoint set failing_since = app_now() - interval '6 days'");
    await send();
    expect((await endpoints())[0]).toMatchObject({ status: 'DISABLED' });
    await sql('update webhook_message set next_at = app_now()');
    expect(await due()).toEqual([]);
    expect(await subgraph.rows(tenantId, "select code from alert where state = 'OPEN'")).toEqual([{ code: 'PARTNER_UNREACHABLE' }]);
    answers = 200;
    await mutate(`mutation($id: ID!) { switchWebhookEndpoint(endpointId: $id, status: ACTIVE) { ${FIELDS} } }`, { id: endpoint.id });
    await send();
    expect((await endpoints())[0]).toMatchObject({ status: 'ACTIVE', failingSince: null, messages: [{ topic: 'alert.resolved', state: 'SENT' }, { topic: 'order.confirmed', state: 'SENT' }] });
  });

  it('cannot have us ask our own machines', async () => {
    await create({ url: 'https://169.254.169.254/latest/meta-data/' });
    await create({ url: 'https://[::1]/' });
    await subgraph.deliver(confirmed());
    await send();
    expect(heard).toEqual([]);
    expect((await endpoints()).map(({ messages: [message] }) => message.failureCode)).toEqual(['ADDRESS_NOT_ALLOWED', 'ADDRESS_NOT_ALLOWED']);
  });

  it('is refused in a code for an address that cannot be', async () => {
    const codes = async (over: object): Promise<unknown> => (await create(over)).userErrors[0]?.code;
    expect(await codes({ url: 'http://partner.example.com/' })).toBe('ENDPOINT_URL_INVALID');
    expect(await codes({ url: 'https://user:pass@partner.example.com/' })).toBe('ENDPOINT_URL_INVALID');
    expect(await codes({ kind: 'SLACK' })).toBe('ENDPOINT_URL_INVALID');
    expect(await codes({ topics: [] })).toBe('TOPICS_INVALID');
    expect(await codes({ name: ' ' })).toBe('NAME_INVALID');
    const { endpoint } = await create();
    const other = staffOf(newId('ten'));
    expect((await mutate(`mutation($id: ID!) { rotateWebhookEndpointSecret(endpointId: $id) { ${FIELDS} } }`, { id: endpoint.id }, other)).userErrors).toEqual([{ code: 'ENDPOINT_NOT_FOUND', field: ['endpointId'] }]);
    expect((await mutate(`mutation($id: ID!) { replayWebhookMessage(messageId: $id) { ${FIELDS} } }`, { id: newId('msg') }, other)).userErrors).toEqual([{ code: 'MESSAGE_NOT_FOUND', field: ['messageId'] }]);
  });
});

describe('an alert', () => {
  it('rings once however often its cause comes, and says when it is over', async () => {
    await create({ kind: 'SLACK', url: 'https://hooks.slack.com/services/T/B/x', topics: ['ALERT_RAISED', 'ALERT_RESOLVED'] });
    for (let n = 0; n < 5; n += 1) await alert(true);
    await alert(false);
    await alert(false);
    await send();
    expect(heard.map(({ host, body }) => [host, (JSON.parse(body.toString()) as { text: string }).text])).toEqual([
      ['hooks.slack.com', expect.stringContaining('🟡 The shop could not be read 3 times in a row (PLATFORM_DOWN)')],
      ['hooks.slack.com', expect.stringContaining('✅ Over: The shop could not be read')],
    ]);
  });

  it('asks for two statements, however many addresses hear of us', async () => {
    for (const name of ['a', 'b', 'c']) await create({ name });
    await alert(true);
    expect(await subgraph.sql.during(async () => { expect((await endpoints()).map(({ messages }) => messages.length)).toEqual([1, 1, 1]); })).toHaveLength(2);
  });
});

describe('a room of people', () => {
  const mails: { readonly to: string; readonly text: string }[] = [];
  const texts: Sms[] = [];
  let refuses: number | null = null;
  let server: SMTPServer;
  let ways: Ways;
  beforeAll(async () => {
    server = new SMTPServer({
      disabledCommands: ['STARTTLS'], authOptional: false, onAuth: ({ username, password }, _session, done) => done(password === 'FAKE' ? null : new Error('535 no'), { user: username }),
      onRcptTo: (_address, _session, done) => done(refuses === null ? null : Object.assign(new Error('not here'), { responseCode: refuses })),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => { mails.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), text: Buffer.concat(chunks).toString() }); done(); });
      },
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', () => resolve()); });
    const { port } = server.server.address() as AddressInfo;
    ways = { mailer: smtpMailer({ url: `smtp://shop:FAKE@127.0.0.1:${port}/?ignoreTLS=true`, from: 'shop@example.com' }), sms: { send: (sms) => { texts.push(sms); return Promise.resolve(); } } };
  });
  afterAll(async () => { ways.mailer!.close(); await new Promise<void>((resolve) => { server.close(() => resolve()); }); });
  beforeEach(() => { mails.length = 0; texts.length = 0; refuses = null; });

  const sendAll = async (by: Ways = ways): Promise<void> => { for (const messageId of await due()) await sendMessage(subgraph.deps, shops, { tenantId, messageId }, by); };
  const critical = (raise: boolean): Promise<void> => subgraph.deps.database.write(tenantId, 'test', (em) => (raise
    ? raiseAlert(em, { tenantId, code: 'CHANNEL_KEY_REFUSED', subjectKind: 'CHANNEL', subjectId: 'con_a', connectionId: 'con_a', params: {} })
    : resolveAlertsOf(em, tenantId, { code: 'CHANNEL_KEY_REFUSED', subjectId: 'con_a' })));
  const ALERTS = ['ALERT_RAISED', 'ALERT_RESOLVED'];

  it('hears of an alert by mail and by short message, once, and that it is over; a phone of what cannot wait alone', async () => {
    expect((await create({ kind: 'EMAIL', url: 'ops@example.com', topics: ALERTS })).endpoint.host).toBe('o***@example.com');
    expect((await create({ kind: 'SMS', url: '+86 138 0000 0001', topics: ALERTS })).endpoint.host).toBe('138****0001');
    for (let n = 0; n < 3; n += 1) await alert(true);
    await critical(true);
    await critical(false);
    await sendAll();
    await sendAll();
    expect(mails.map(({ to }) => to)).toEqual(['ops@example.com', 'ops@example.com', 'ops@example.com']);
    const [first] = mails;
    expect(first!.text).toMatch(/^Subject: .*$/m);
    expect(first!.text).toContain('shop@example.com');
    expect(texts.map(({ phone, params }) => [phone, params['code'], params['state']])).toEqual([['+8613800000001', 'CHANNEL_KEY_REFUSED', 'OPEN'], ['+8613800000001', 'CHANNEL_KEY_REFUSED', 'OK']]);
  });

  it('whose server says no, or that is not set up, is told later, under the same id', async () => {
    await create({ kind: 'EMAIL', url: 'ops@example.com', topics: ALERTS });
    await alert(true);
    refuses = 451;
    await sendAll();
    expect((await endpoints())[0].messages[0]).toMatchObject({ state: 'DUE', attempts: 1, failureCode: 'PLATFORM_DOWN' });
    for (const [by, code] of [[{ mailer: null, sms: null }, 'CREDENTIALS_REFUSED'], [ways, 'REQUEST_REFUSED']] as const) {
      refuses = 550;
      await sql('update webhook_message set next_at = app_now()');
      await sendAll(by);
      expect((await endpoints())[0].messages[0].failureCode).toBe(code);
    }
    refuses = null;
    await sql('update webhook_message set next_at = app_now()');
    await sendAll();
    expect([(await endpoints())[0].messages[0].state, mails.length]).toEqual(['SENT', 1]);
    expect(mails[0]!.text).toContain((await endpoints())[0].messages[0].id);
  });

  it('reads once a day what went well and what did not', async () => {
    await create({ kind: 'EMAIL', url: 'ops@example.com', topics: ['SUMMARY_DAILY'] });
    await alert(true);
    await Promise.all([summariseDays(subgraph.deps.database), summariseDays(subgraph.deps.database)]);
    await summariseDays(subgraph.deps.database);
    await sendAll();
    expect(mails).toHaveLength(1);
    expect((await endpoints())[0].messages).toHaveLength(1);
    const { data } = JSON.parse((await subgraph.rows<{ body: string }>(tenantId, 'select body from webhook_message'))[0]!.body) as Json;
    expect(data).toMatchObject({ ordersTaken: 0, webhooksDead: 0, alertsOpen: 1, messageZh: expect.stringContaining('未关闭告警 1') });
  });

  it('is told of a channel that has gone silent, and that it sells again', async () => {
    await create({ kind: 'EMAIL', url: 'ops@example.com', topics: ALERTS });
    const connect = async (): Promise<string> => (await mutate('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } } }', { input: { platform: 'SHOPIFY', name: 'S', shopDomain: null, idempotencyKey: newId('req') } })).channel.id as string;
    const [busy, quiet] = [await connect(), await connect()];
    const order = (channelId: string, id: string, ago: string): Promise<unknown> => subgraph.deps.database.write(tenantId, 'test', (em) => em.execute(
      `insert into delivery (id, tenant_id, connection_id, topic, body_hash, body_bytes, state, external_order_id, received_at, dedupe_key) values (?, ?, ?, 'orders/create', 'h', 1, 'DONE', ?, app_now() - ?::interval, ?)`, [newId('dlv'), tenantId, channelId, id, ago, `${channelId}-${id}`]));
    for (let n = 0; n < 20; n += 1) await order(busy, `o${n}`, '30 hours');
    for (let n = 0; n < 3; n += 1) await order(quiet, `o${n}`, '30 hours');
    for (let n = 0; n < 2; n += 1) await findSilentChannels(subgraph.deps.database);
    const open = () => subgraph.rows<Json>(tenantId, "select subject_id, state, count from alert where code = 'CHANNEL_SILENT'");
    expect(await open()).toEqual([{ subject_id: busy, state: 'OPEN', count: 2 }]);
    await order(busy, 'new', '0 hours');
    await findSilentChannels(subgraph.deps.database);
    expect(await open()).toEqual([expect.objectContaining({ state: 'RESOLVED' })]);
    await sendAll();
    expect(mails).toHaveLength(2);
  });

  it('at Klaviyo hears of orders under the name of the event, once, with the buyer’s address and nothing that we keep', async () => {
    await create({ kind: 'KLAVIYO', url: 'https://a.klaviyo.com/api/events', apiKey: 'FAKE_KLAVIYO_KEY', topics: ['ORDER_CONFIRMED'] });
    const event = confirmed();
    await subgraph.deliver(event);
    const { orderId } = event.data;
    const shipTo = subgraph.deps.vault.seal(JSON.stringify({ email: 'Buyer@Example.com', countryCode: 'CN', address1: 'x' }), { tenantId, row: orderId, field: 'shipTo' });
    const calls = { invoke: (call: { readonly name: string }) => { expect(call.name).toBe(buyerOf.name); return Promise.resolve({ order: { orderNumber: 'QY1', status: 'TO_SHIP', currency: 'CNY', totalMinor: 8550, sealedShipTo: shipTo, customer: null } }); } };
    answers = 202;
    for (const messageId of await due()) await sendMessage({ ...subgraph.deps, calls: calls as never }, shops, { tenantId, messageId }, ways);
    const [{ host, headers, body }] = heard as [SandboxRequest];
    expect([host, headers['authorization'], headers['revision']]).toEqual(['a.klaviyo.com', 'Klaviyo-API-Key FAKE_KLAVIYO_KEY', '2026-04-15']);
    const { data: { attributes } } = JSON.parse(body.toString()) as { data: { attributes: Json } };
    expect(attributes).toMatchObject({ metric: { data: { attributes: { name: 'Placed Order' } } }, profile: { data: { attributes: { email: 'buyer@example.com' } } }, value: 85.5, value_currency: 'CNY', unique_id: (await endpoints())[0].messages[0].id });
    expect(JSON.stringify(await subgraph.rows(tenantId, 'select body from webhook_message'))).not.toMatch(/buyer@|FAKE_KLAVIYO/i);
  });

  it('is refused in a code where it cannot be told so', async () => {
    const codes = async (over: object): Promise<unknown> => (await create(over)).userErrors[0]?.code;
    expect(await codes({ kind: 'EMAIL', url: 'nobody' })).toBe('ENDPOINT_URL_INVALID');
    expect(await codes({ kind: 'SMS', url: '12', topics: ALERTS })).toBe('ENDPOINT_URL_INVALID');
    expect(await codes({ kind: 'SMS', url: '+8613800000001', topics: ['ORDER_CONFIRMED'] })).toBe('TOPICS_INVALID');
    expect(await codes({ kind: 'KLAVIYO', url: 'https://a.klaviyo.com/', topics: ['ORDER_CONFIRMED'] })).toBe('API_KEY_INVALID');
    expect(await codes({ kind: 'KLAVIYO', url: 'https://evil.example.com/', apiKey: 'FAKE_KLAVIYO_KEY', topics: ['ORDER_CONFIRMED'] })).toBe('ENDPOINT_URL_INVALID');
    expect(await codes({ kind: 'KLAVIYO', url: 'https://a.klaviyo.com/', apiKey: 'FAKE_KLAVIYO_KEY', topics: ALERTS })).toBe('TOPICS_INVALID');
    expect(await codes({ apiKey: 'FAKE_KLAVIYO_KEY' })).toBe('API_KEY_INVALID');
  });
});
