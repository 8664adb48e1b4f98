import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxRequest } from '@quanyu/channel-sandbox';
import { orderCancelled, orderConfirmed } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, type Json, type TestSubgraph } from '@quanyu/testing';
import { Webhook } from 'standardwebhooks';
import { channelEnvironment } from '../environment.js';
import { Outbound } from '../outbound/outbound.js';
import { Shops } from '../outbound/shops.js';
import { dueMessages } from '../queries/due-messages.js';
import { bridge } from '../subgraph.js';
import { raiseAlert, resolveAlertsOf } from './alerts.js';
import { sendMessage } from './send-message.js';

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
