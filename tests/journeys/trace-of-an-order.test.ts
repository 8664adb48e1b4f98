import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../harness/otlp-receiver.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder, storyDone } from './channel-order-to-ledger/story.js';

let receiver: OtlpReceiver;
let product: Product;
beforeAll(async () => {
  const fresh = await freshProduct();
  receiver = fresh.traces ?? await startOtlpReceiver();
  product = await fresh.start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
  if (product.traces === undefined) await receiver.close();
});

const STEPS = [
  'POST /webhooks/:slug/:id', 'bridge store-delivery', 'job bridge.process-delivery', 'bridge claim-delivery',
  'orders on bridge.order-received.v1', 'inventory on orders.order-placed.v1', 'orders on inventory.stock-reserved.v1',
  'members on orders.order-confirmed.v1', 'finance on orders.order-confirmed.v1', 'finance on members.points-earned.v1',
];

describe('the trace of an order', () => {
  let trace: readonly ReceivedSpan[];
  const CANARIES = { name: 'Canaria Spurlos', phone: '13866660177', email: 'spurlos@example.com', street: 'Kanarienweg 7' };

  it('joins every step from the webhook to the ledger, each below the one that caused it', async () => {
    const { body } = paidOrder();
    const people = { first_name: 'Canaria', last_name: 'Spurlos', name: CANARIES.name, phone: `+86${CANARIES.phone}`, address1: CANARIES.street };
    const told = { ...body, email: CANARIES.email, customer: { ...body.customer, ...people, email: CANARIES.email }, shipping_address: { ...body.shipping_address, ...people } };
    await product.webhook(told);
    const order = await storyDone(product, told);
    await eventually(() => {
      const ofOrder = receiver.spans.filter(({ attributes }) => attributes['quanyu.orderId'] === order.id);
      expect(ofOrder.length).toBeGreaterThan(0);
      expect(new Set(ofOrder.map(({ traceId }) => traceId)).size).toBe(1);
      trace = receiver.spans.filter(({ traceId }) => traceId === ofOrder[0]!.traceId);
      expect(trace.map(({ name }) => name)).toEqual(expect.arrayContaining(STEPS));
      // Each process tells its spans when it has some together: those above may come last.
      const told = new Set(trace.map(({ spanId }) => spanId));
      expect(trace.filter(({ parentSpanId }) => parentSpanId && !told.has(parentSpanId)).map(({ name }) => name)).toEqual([]);
    });
    const named = (name: string): ReceivedSpan => trace.find((span) => span.name === name)!;
    const above = (span: ReceivedSpan | undefined): ReceivedSpan | undefined => trace.find(({ spanId }) => spanId === span?.parentSpanId);
    const pathOf = (name: string): string[] => {
      const path: string[] = [];
      for (let span: ReceivedSpan | undefined = named(name); span !== undefined; span = above(span)) path.unshift(span.name);
      return path;
    };
    // A house that runs apart has the gateway's request before that of the bridge.
    const [first, ...others] = pathOf('finance on members.points-earned.v1');
    expect(trace.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual([first]);
    expect(first === 'POST /webhooks' ? others : [first, ...others]).toEqual([
      'POST /webhooks/:slug/:id', 'job bridge.process-delivery', 'bridge finish-delivery', 'orders on bridge.order-received.v1',
      'inventory on orders.order-placed.v1', 'orders on inventory.stock-reserved.v1', 'members on orders.order-confirmed.v1', 'finance on members.points-earned.v1',
    ]);
    expect(named('POST /webhooks/:slug/:id')).toMatchObject({ kind: 2, attributes: { 'http.response.status_code': 200 } });
  }, 60_000);

  it('of a question joins the gateway and its subgraphs', async () => {
    await product.get('query OrderStory { orders(first: 1) { nodes { id member { points { balance } } } } }');
    await eventually(() => {
      const root = receiver.spans.find(({ name }) => name === 'POST /graphql');
      const own = receiver.spans.filter(({ name, traceId }) => traceId === receiver.spans.find((span) => span.name === 'query OrderStory')?.traceId && name !== '');
      expect(own.map(({ name }) => name)).toEqual(expect.arrayContaining(['POST /graphql', 'query OrderStory', 'fetch orders', 'fetch members']));
      expect(root?.kind).toBe(2);
    });
  });

  it('stands in the log lines of its steps', async () => {
    const lines = (await readFile(product.logFile, 'utf8')).split('\n').filter((line) => line.includes('"event told"') && line.includes(trace[0]!.traceId));
    expect(lines.length).toBeGreaterThanOrEqual(5);
  });

  it('carries no person, no body and no key', async () => {
    const all = receiver.raw.join('\n');
    expect(all).toContain('bridge.process-delivery');
    for (const canary of Object.values(CANARIES)) expect(all).not.toContain(canary);
    for (const word of ['Canaria', 'Spurlos', 'Kanarienweg', 'line_items', product.staffToken, product.demo.webhookSecret]) expect(all).not.toContain(word);
    const names = new Set(receiver.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    for (const name of names) expect(name).toMatch(/^(quanyu\.(tenantId|requestId|orderId|deliveryId|connectionId|eventId|eventType|channel|subgraph|consumer|jobName|step|attempt)|http\.response\.status_code)$/);
  });

  it('marks a failed step with its code only', async () => {
    await product.ask('mutation { connectChannel(input: { platform: SHOPIFY, name: "x", idempotencyKey: "k" }) { channel { id } } }', {}, { token: 'not-a-token' });
    await eventually(() => expect(receiver.spans.some(({ attributes }) => attributes['http.response.status_code'] === 401)).toBe(true));
    for (const { status } of receiver.spans) if (status?.message !== undefined) expect(status.message).toMatch(/^[A-Za-z0-9_]+$/);
  });
});
