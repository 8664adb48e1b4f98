import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, InProcessCalls, runDocument, ServiceUnavailableError } from '@quanyu/calls';
import { startSandbox, type Sandbox, type SandboxRequest } from '@quanyu/channel-sandbox';
import { afterSaleChanged, orderCancelled, productChanged, refundPaid, stockLevelChanged } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, type Json, type TestSubgraph } from '@quanyu/testing';
import { Webhook } from 'standardwebhooks';
import type { z } from 'zod';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { dueMessages } from '../../queries/due-messages.js';
import { bridge } from '../../subgraph.js';
import { checkDocuments } from './partner-document.js';
import { sendMessage } from './send-message.js';

// What the gateway makes of a document is tried there and in the journey of a partner; here, what becomes of it.

const DOCUMENT = 'subscription { ordersChanged { id number } }';
let subgraph: TestSubgraph;
let partner: Sandbox;
let shops: Shops;
let tenantId: string;
let keyId: string;
let answers: number;
let graph: (input: z.output<typeof runDocument.input>) => z.input<typeof runDocument.output>;
const heard: SandboxRequest[] = [];
const asked: z.output<typeof runDocument.input>[] = [];

beforeAll(async () => {
  const calls = new InProcessCalls();
  calls.add([answer(runDocument, async (input) => { asked.push(input); return graph(input); })]);
  subgraph = await openTestSubgraph(bridge, { calls });
  partner = await startSandbox([{ name: 'partner', owns: () => true, answer: (request) => { heard.push(request); return { status: answers }; } }]);
});
afterAll(async () => { await partner.close(); await subgraph.close(); });
beforeEach(() => {
  heard.length = 0;
  asked.length = 0;
  answers = 204;
  [tenantId, keyId] = [newId('ten'), newId('key')];
  graph = ({ id }) => (id === null ? { kind: 'valid' } : { kind: 'ran', data: { ordersChanged: { id, number: '#1' } } });
  shops = new Shops(channelEnvironment({}), new Outbound({ via: partner.url, backoffMs: 1 }));
});
afterEach(() => shops.close());

const CREATE = 'mutation($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { endpoint { id status document keyId documentFault } secret userErrors { code field } } }';
const create = async (over: object = {}, viewer = staffOf(tenantId)) => subgraph.ask(CREATE, { input: { name: 'Partner', url: 'https://partner.example.com/hooks', topics: ['ORDER_CANCELLED'], document: DOCUMENT, keyId, ...over } }, viewer);
const made = async (): Promise<Json> => (await create()).data!['createWebhookEndpoint'];
const cancelled = (orderId = newId('ord')) => orderCancelled({ tenantId, sequence: 1, data: { orderId, connectionId: newId('con'), reason: 'VOIDED', wasConfirmed: false } });
const send = async (): Promise<void> => {
  await sql("update webhook_message set next_at = app_now() where state = 'DUE'");
  for (const { messageId } of (await dueMessages(subgraph.deps.database)).filter((ref) => ref.tenantId === tenantId)) await sendMessage(subgraph.deps, shops, { tenantId, messageId });
};
const sql = (statement: string): Promise<unknown> => subgraph.deps.database.write(tenantId, 'test', (em) => em.execute(statement));
const endpoint = async (): Promise<Json> => (await subgraph.ask('{ webhookEndpoints { status failingSince documentFault messages { id state attempts failureCode } } }', {}, staffOf(tenantId))).data!['webhookEndpoints'][0];
const alerts = (): Promise<Json[]> => subgraph.rows(tenantId, "select code, state from alert where code = 'PARTNER_DOCUMENT_REFUSED'");

describe('a webhook with a document', () => {
  it('is sent what the document tells of the order, signed, and the same in each of its tries', async () => {
    const { endpoint: kept, secret, userErrors } = await made();
    expect([kept, userErrors]).toEqual([{ id: kept.id, status: 'ACTIVE', document: DOCUMENT, keyId, documentFault: null }, []]);
    const orderId = newId('ord');
    await subgraph.deliver(cancelled(orderId));
    answers = 500;
    await send();
    graph = () => ({ kind: 'ran', data: { ordersChanged: { id: 'another' } } });
    answers = 204;
    await send();
    expect(asked).toEqual([{ tenantId, keyId, document: DOCUMENT, about: 'Order', id: null }, { tenantId, keyId, document: DOCUMENT, about: 'Order', id: orderId }]);
    expect(heard).toHaveLength(2);
    for (const { body, headers } of heard) {
      expect(new Webhook(secret).verify(body.toString(), headers as Record<string, string>)).toEqual({ type: 'order.cancelled', timestamp: expect.any(String), data: { ordersChanged: { id: orderId, number: '#1' } } });
    }
    expect(heard[0]!.headers['webhook-id']).toBe(heard[1]!.headers['webhook-id']);
    expect((await endpoint()).messages).toMatchObject([{ state: 'SENT', attempts: 2 }]);
  });

  it('is not kept when the graph refuses it, and says which rule', async () => {
    graph = () => ({ kind: 'refused', code: 'FORBIDDEN', message: 'no' });
    expect((await create()).data!['createWebhookEndpoint'].userErrors).toEqual([{ code: 'DOCUMENT_INVALID', field: ['document', 'FORBIDDEN'] }]);
    graph = () => { throw new ServiceUnavailableError('gateway', false); };
    expect((await create()).data!['createWebhookEndpoint'].userErrors).toEqual([{ code: 'GATEWAY_UNAVAILABLE', field: ['document'] }]);
    graph = () => ({ kind: 'valid' });
    for (const over of [{ keyId: null }, { document: null }, { kind: 'SLACK', url: 'https://hooks.slack.com/x' }, { document: `${DOCUMENT}#${'x'.repeat(17_000)}` }, { topics: ['ALERT_RAISED'] }, { topics: ['ORDER_CANCELLED', 'SUMMARY_DAILY'] }]) {
      expect([over, (await create(over)).data!['createWebhookEndpoint'].userErrors[0]?.code]).toEqual([over, 'DOCUMENT_INVALID']);
    }
    expect(await subgraph.rows(tenantId, 'select 1 from webhook_endpoint')).toEqual([]);
  });

  it('has the rights of a key only by the wish of the key, or of who may make keys', async () => {
    const scopes = ['alerts:read', 'alerts:write'] as const;
    expect((await create({}, staffOf(tenantId, { scopes: [...scopes] }))).errors[0]).toMatchObject({ code: 'FORBIDDEN' });
    expect((await create({}, staffOf(tenantId, { kind: 'partner', subjectId: newId('key'), scopes: [...scopes] }))).errors[0]).toMatchObject({ code: 'FORBIDDEN' });
    expect((await create({}, staffOf(tenantId, { kind: 'partner', subjectId: keyId, scopes: [...scopes] }))).data!['createWebhookEndpoint'].userErrors).toEqual([]);
  });

  it('that the graph does not take any more is stopped with a notice, and what waits is sent when it goes on', async () => {
    const { endpoint: kept } = await made();
    graph = () => ({ kind: 'refused', code: 'GRAPHQL_VALIDATION_FAILED', message: 'Cannot query field "number".' });
    await subgraph.deliver(cancelled());
    await send();
    expect([heard, await endpoint(), await alerts()]).toEqual([[], { status: 'DISABLED', failingSince: null, documentFault: 'GRAPHQL_VALIDATION_FAILED: Cannot query field "number".', messages: [{ id: expect.any(String), state: 'DUE', attempts: 0, failureCode: 'GRAPHQL_VALIDATION_FAILED' }] }, [{ code: 'PARTNER_DOCUMENT_REFUSED', state: 'OPEN' }]]);
    graph = () => ({ kind: 'ran', data: { ordersChanged: { id: 'ord' } } });
    await subgraph.ask('mutation($id: ID!) { switchWebhookEndpoint(endpointId: $id, status: ACTIVE) { userErrors { code } } }', { id: kept.id }, staffOf(tenantId));
    await send();
    expect([heard.length, (await endpoint()).documentFault, await alerts()]).toEqual([1, null, [{ code: 'PARTNER_DOCUMENT_REFUSED', state: 'RESOLVED' }]]);
  });

  it('is asked for each kind of news by the type and id of what it is about', async () => {
    const [orderId, stockLevelId, productId] = [newId('ord'), newId('stk'), newId('prd')];
    await create({ topics: ['ORDER_AFTER_SALE_CHANGED', 'ORDER_REFUNDED'] });
    await create({ topics: ['STOCK_CHANGED'], document: 'subscription { stockLevelChanged { available } }' });
    await create({ topics: ['PRODUCT_CHANGED'], document: 'subscription { productsChanged { title } }' });
    asked.length = 0;
    const base = { connectionId: newId('con'), orderId };
    for (const draft of [
      afterSaleChanged({ tenantId, sequence: 1, data: { ...base, afterSaleId: newId('afs'), kind: 'REFUND_ONLY', state: 'REQUESTED' } }),
      refundPaid({ tenantId, sequence: 1, data: { ...base, refundId: newId('rfd'), afterSaleId: null, currency: 'CNY', amountMinor: 100, refundedBeforeMinor: 0, totalMinor: 8550, confirmedAt: null } }),
      stockLevelChanged({ tenantId, sequence: 1, data: { stockLevelId, skuId: newId('sku'), locationId: newId('loc'), bucket: 'MAIN', onHand: 5, reserved: 1, available: 4 } }),
      productChanged({ tenantId, sequence: 1, data: { productId } }),
    ]) await subgraph.redeliver(await subgraph.deliver(draft));
    await send();
    expect(asked.map(({ about, id }) => [about, id]).sort()).toEqual([['Order', orderId], ['Order', orderId], ['Product', productId], ['StockLevel', stockLevelId]].sort());
    expect(heard.map(({ body }) => (JSON.parse(body.toString()) as Json).type).sort()).toEqual(['order.after-sale-changed', 'order.refunded', 'product.changed', 'stock.changed']);
  });

  it('hears of what changes often once, as it stands last, and again when it changes after that', async () => {
    await create({ topics: ['STOCK_CHANGED'], document: null, keyId: null });
    const stockLevelId = newId('stk');
    const told = (sequence: number, onHand: number) => stockLevelChanged({ tenantId, sequence, data: { stockLevelId, skuId: newId('sku'), locationId: newId('loc'), bucket: 'MAIN', onHand, reserved: 0, available: onHand } });
    for (const onHand of [9, 8, 7]) await subgraph.deliver(told(10 - onHand, onHand));
    await send();
    await subgraph.deliver(told(4, 6));
    await send();
    expect(heard.map(({ body }) => (JSON.parse(body.toString()) as Json).data.onHand)).toEqual([7, 6]);
  });

  it('is looked at every hour, whether anything happens or not', async () => {
    await made();
    await checkDocuments(subgraph.deps);
    expect(asked.filter((one) => one.tenantId === tenantId)).toHaveLength(1);
    await sql("update webhook_endpoint set document_checked_at = app_now() - interval '61 minutes'");
    graph = () => ({ kind: 'failed', code: 'OVERLOADED' });
    await checkDocuments(subgraph.deps);
    expect((await endpoint()).status).toBe('ACTIVE');
    graph = () => ({ kind: 'refused', code: 'KEY_GONE', message: 'revoked' });
    await checkDocuments(subgraph.deps);
    await checkDocuments(subgraph.deps);
    expect([(await endpoint()).status, await alerts()]).toEqual(['DISABLED', [{ code: 'PARTNER_DOCUMENT_REFUSED', state: 'OPEN' }]]);
  });

  it('waits without a try while the graph does not answer, and the partner is not blamed', async () => {
    await made();
    await subgraph.deliver(cancelled());
    for (const problem of [() => ({ kind: 'failed', code: 'RATE_LIMITED' }) as const, () => { throw new ServiceUnavailableError('gateway', false); }]) {
      graph = problem;
      await send();
      expect(await endpoint()).toMatchObject({ status: 'ACTIVE', failingSince: null, messages: [{ state: 'DUE', attempts: 0 }] });
    }
    graph = () => ({ kind: 'absent' });
    await send();
    expect([heard, (await endpoint()).messages]).toEqual([[], [{ id: expect.any(String), state: 'SKIPPED', attempts: 1, failureCode: 'NOT_VISIBLE' }]]);
  });
});
