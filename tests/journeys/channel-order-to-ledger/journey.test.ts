import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.js';
import type { Json } from '../../harness/credentials.js';
import { freshProduct, remove, type Product } from '../../harness/product.js';
import { checkBooks, orderIn, paidOrder, readOrder, storyDone } from './story.js';

let product: Product;
beforeAll(async () => { product = await (await freshProduct()).start(); }, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const later = (body: Json, seconds: number, over: object = {}): Json => ({ ...body, updated_at: new Date(Date.parse(body.updated_at) + seconds * 1000).toISOString(), ...over });
const stockOf = async (code: string): Promise<Json> => (await product.get('query($codes: [String!]!) { skus(codes: $codes) { id stock { onHand reserved available } } }', { codes: [code] })).skus[0];
const demoChannel = async (fields: string): Promise<Json> => (await product.get(`query($id: ID!) { channel(id: $id) { ${fields} } }`, { id: new URL(product.demo.webhookUrl).pathname.split('/').at(-1) })).channel;
const count = async (sql: string): Promise<number> => Number((await product.sql<{ count: string }>(sql))[0]!.count);

describe('a paid order of a channel', () => {
  it('goes by itself from the webhook to the ledger, and everybody who listens sees it', async () => {
    const channel = await demoChannel('id name');
    const live = await product.live();
    await live.follow('orders', 'subscription($ids: [ID!]) { ordersChanged(channelIds: $ids) { orderNumber status channel { name } lines { sku { product { title } } } } }', { ids: [channel.id] });
    await live.follow('stock', 'subscription { stockLevelChanged { available sku { code product { title } } } }');
    await live.follow('points', 'subscription { pointsChanged { balance member { id maskedName } } }');
    await live.follow('entries', 'subscription { journalEntryPosted { kind order { orderNumber } postings { account { code } } } }');
    const before = await stockOf('QY-MUG-WHT');

    const { body } = paidOrder();
    const answer = await product.webhook(body);
    expect(answer.status).toBe(200);
    const order = await storyDone(product, body);

    expect(order).toMatchObject({
      orderNumber: body.name, status: 'TO_SHIP', paymentState: 'PAID',
      amounts: { items: { amount: '247.00' }, discount: { amount: '8.00' }, shipping: { amount: '10.00' }, total: { amount: '249.00', currency: 'CNY' } },
      channel: { id: channel.id, platform: 'SHOPIFY' }, exceptions: [], tickets: [],
      shipTo: { phone: '138****0002', city: '上海' },
      pointsEarned: 249,
      member: { points: { balance: 249 } },
    });
    expect(order.lines.map((line: Json) => [line.quantity, line.sku.code, line.sku.product.title])).toEqual([
      [1, 'QY-TEE-BLK-M', expect.stringContaining('Fan tee')], [2, 'QY-MUG-WHT', expect.stringContaining('Creator mug')],
    ]);
    expect(await stockOf('QY-MUG-WHT')).toMatchObject({ stock: { onHand: before.stock.onHand, reserved: before.stock.reserved + 2, available: before.stock.available - 2 } });
    for (const entry of order.journalEntries) {
      const sum = (side: string): number => entry.postings.reduce((total: number, posting: Json) => total + Math.round(Number(posting[side]?.amount ?? 0) * 100), 0);
      expect(sum('debit')).toBe(sum('credit'));
      expect(sum('debit')).toBeGreaterThan(0);
    }
    await eventually(() => {
      expect(live.seen.orders!.map((seen: Json) => seen.status)).toContain('TO_SHIP');
      expect(live.seen.orders!.at(-1)).toMatchObject({ orderNumber: body.name, channel: { name: channel.name } });
      expect(live.began.stock!.map((seen: Json) => seen.sku.code)).toContain('QY-LAST-ONE');
      expect(live.seen.stock!.map((seen: Json) => seen.sku.code).sort()).toEqual(['QY-MUG-WHT', 'QY-TEE-BLK-M']);
      expect(live.seen.points!.at(-1)).toMatchObject({ balance: 249, member: { id: order.member.id } });
      expect(live.seen.entries!.length).toBe(2);
      expect(live.seen.entries!.every((seen: Json) => seen.order.orderNumber === body.name)).toBe(true);
    });
    expect(live.errors).toEqual([]);
  });

  it('joins both ways: channel to orders, ticket to order', async () => {
    const { body } = paidOrder();
    await product.webhook(body);
    const order = await storyDone(product, body);
    const channel = await demoChannel('id orders(first: 3) { nodes { id orderNumber member { points { balance } } } }');
    expect(channel.orders.nodes.map((node: Json) => node.id)).toContain(order.id);
    const { createTicket } = await product.get(
      'mutation($input: CreateTicketInput!) { createTicket(input: $input) { ticket { id order { orderNumber status lines { sku { code } } } } userErrors { code } } }',
      { input: { kind: 'QUESTION', subject: 'Where is it?', orderId: order.id, idempotencyKey: randomUUID() } });
    expect(createTicket).toMatchObject({ userErrors: [], ticket: { order: { orderNumber: body.name, status: 'TO_SHIP' } } });
    expect((await readOrder(product, body)).tickets).toEqual([{ id: createTicket.ticket.id }]);
  });

  it('changes nothing when the same webhook comes ten times more, and twice at once', async () => {
    const { body } = paidOrder();
    const webhookId = randomUUID();
    const answers = await Promise.all([product.webhook(body, { webhookId }), product.webhook(body, { webhookId })]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    const done = await storyDone(product, body);
    for (let n = 0; n < 10; n += 1) expect((await product.webhook(body, { webhookId })).status).toBe(200);
    // Also under new delivery ids, as after a new registration of the webhook.
    await Promise.all([product.webhook(body), product.webhook(body)]);
    await eventually(async () => expect(await count("select count(*) from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING')")).toBe(0));
    expect(await readOrder(product, body)).toEqual(done);
    await checkBooks(product);
  });
});

describe('an order that is not paid', () => {
  it.each(['pending', 'authorized'] as const)('waits while it is %s, without points and posting, and goes on when orders/paid comes', async (financialStatus) => {
    const { body } = paidOrder({ financialStatus });
    await product.webhook(body);
    const waiting = await orderIn(product, body, 'PENDING_PAYMENT');
    expect(waiting).toMatchObject({ journalEntries: [], paymentState: financialStatus.toUpperCase() });
    expect(waiting.pointsEarned ?? 0).toBe(0);
    await product.webhook(later(body, 60, { financial_status: 'paid' }), { topic: 'orders/paid' });
    expect(await storyDone(product, body)).toMatchObject({ pointsEarned: 249 });
  });

  it('goes on by orders/updated too, and an older update changes nothing', async () => {
    const { body } = paidOrder({ financialStatus: 'pending' });
    await product.webhook(later(body, 60, { financial_status: 'paid' }), { topic: 'orders/updated' });
    const done = await storyDone(product, body);
    await product.webhook(body);
    await product.webhook(later(body, 30, { financial_status: 'voided' }), { topic: 'orders/updated' });
    await eventually(async () => expect(await count("select count(*) from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING')")).toBe(0));
    expect(await readOrder(product, body)).toEqual(done);
  });

  it.each([
    ['orders/updated', { financial_status: 'voided' }, 'VOIDED'],
    ['orders/cancelled', { cancelled_at: '2026-11-20T11:00:00+08:00', cancel_reason: 'customer' }, 'CANCELLED_BY_CHANNEL'],
  ] as const)('gives its stock back on %s', async (topic, over, cancelReason) => {
    const before = await stockOf('QY-TEE-BLK-M');
    const { body } = paidOrder({ financialStatus: 'pending' });
    await product.webhook(body);
    await orderIn(product, body, 'PENDING_PAYMENT');
    await product.webhook(later(body, 60, over), { topic });
    expect(await orderIn(product, body, 'CANCELLED')).toMatchObject({ cancelReason, journalEntries: [] });
    await eventually(async () => expect((await stockOf('QY-TEE-BLK-M')).stock.reserved).toBe(before.stock.reserved));
  });

  it('walks the same road backwards when it is cancelled after it was confirmed', async () => {
    const { body } = paidOrder();
    await product.webhook(body);
    await storyDone(product, body);
    await product.webhook(later(body, 60, { cancelled_at: '2026-11-20T11:00:00+08:00' }), { topic: 'orders/cancelled' });
    await orderIn(product, body, 'CANCELLED');
    const order = await eventually(async () => {
      const now = await readOrder(product, body);
      expect(now.member.points.balance).toBe(0);
      expect(now.journalEntries).toHaveLength(4);
      return now;
    });
    const sums = new Map<string, number>();
    for (const { postings } of order.journalEntries) for (const { account, debit, credit } of postings) sums.set(account.code, (sums.get(account.code) ?? 0) + Math.round((Number(debit?.amount ?? 0) - Number(credit?.amount ?? 0)) * 100));
    expect([...sums.values()].every((sum) => sum === 0)).toBe(true);
  });
});

describe('an order that needs a person', () => {
  const MAP = 'mutation($input: MapChannelSkuInput!) { mapChannelSku(input: $input) { userErrors { code } } }';

  it.each([
    ['unknown', 'NOBODY-KNOWS-THIS', 'NOBODY-KNOWS-THIS'],
    ['empty', '', 'variant:41000000009999'],
  ])('is kept when a SKU is %s, raises an alert, and goes on when it is mapped', async (_, sku, externalSku) => {
    const { body } = paidOrder({ lines: [{ sku, variantId: 41000000009999, productId: 9, title: 'Odd thing', quantity: 1, price: '50.00' }] });
    await product.webhook(body);
    const waiting = await eventually(async () => {
      const order = await readOrder(product, body);
      expect(order.exceptions).toMatchObject([{ code: 'UNKNOWN_SKU', state: 'OPEN', subjects: [externalSku] }]);
      return order;
    });
    expect(waiting).toMatchObject({ status: 'RESERVING', journalEntries: [] });
    await eventually(async () => {
      const { alerts } = await product.get('{ alerts(first: 50) { nodes { code state } } }');
      expect(alerts.nodes).toContainEqual(expect.objectContaining({ state: 'OPEN' }));
    });
    const sku_ = await stockOf('QY-TEA-250');
    const { mapChannelSku } = await product.get(MAP, { input: { channelId: waiting.channel.id, externalSku, skuId: sku_.id, idempotencyKey: randomUUID() } });
    expect(mapChannelSku.userErrors).toEqual([]);
    expect(await storyDone(product, body)).toMatchObject({ exceptions: [{ code: 'UNKNOWN_SKU', state: 'RESOLVED' }] });
  });

  it('waits when there is no stock, raises an alert, and goes on after a count and a retry', async () => {
    const line = { sku: 'QY-LAST-ONE', variantId: 41000000000099, productId: 99, title: 'The last figure', quantity: 1, price: '399.00' };
    const [first, second] = [paidOrder({ lines: [line] }), paidOrder({ lines: [line] })];
    await Promise.all([product.webhook(first.body), product.webhook(second.body)]);
    const told = await eventually(async () => {
      const both = await Promise.all([readOrder(product, first.body), readOrder(product, second.body)]);
      expect(both.map((order) => order.exceptions[0]?.code ?? order.status).sort()).toEqual(['STOCK_SHORT', 'TO_SHIP']);
      return both;
    });
    const [loser, body] = told[0].status === 'TO_SHIP' ? [told[1], second.body] : [told[0], first.body];
    expect(loser.journalEntries).toEqual([]);
    const { id } = await stockOf('QY-LAST-ONE');
    await product.get('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId: id, onHand: 2, idempotencyKey: randomUUID() } });
    await product.get('mutation($input: RetryReservationInput!) { retryReservation(input: $input) { userErrors { code } } }', { input: { orderId: loser.id, idempotencyKey: randomUUID() } });
    await storyDone(product, body);
  });
});

describe('an order with something missing', () => {
  it('has no member and no points when there is no customer', async () => {
    const { body } = paidOrder({ customer: null, email: '' });
    await product.webhook(body);
    const order = await eventually(async () => {
      const now = await orderIn(product, body, 'TO_SHIP', 0);
      expect(now.journalEntries).toHaveLength(1);
      return now;
    });
    expect(order.member).toBeNull();
    expect(order.pointsEarned ?? 0).toBe(0);
  });

  it('posts nothing when its total is zero', async () => {
    const { body } = paidOrder({ lines: [{ sku: 'QY-MUG-WHT', variantId: 1, productId: 1, title: 'Gift', quantity: 1, price: '59.00', discount: '59.00' }], shipping: undefined });
    await product.webhook(body);
    await orderIn(product, body, 'TO_SHIP');
    await eventually(async () => expect(await count("select count(*) from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING')")).toBe(0));
    expect((await readOrder(product, body)).journalEntries).toEqual([]);
  });

  it('earns no points in a currency without a rate', async () => {
    const { body } = paidOrder({ currency: 'USD' });
    await product.webhook(body);
    const order = await eventually(async () => {
      const now = await orderIn(product, body, 'TO_SHIP', 0);
      expect(now.journalEntries).toHaveLength(1);
      return now;
    });
    expect(order.pointsEarned ?? 0).toBe(0);
    expect(order.journalEntries[0].currency).toBe('USD');
  });
});

describe('a webhook that is not right', () => {
  const deliveries = () => count('select count(*) from bridge.delivery');
  const refusals = () => count('select coalesce(sum(count), 0) as count from bridge.delivery_refusal');

  it('answers 401 to a wrong signature and stores nothing but a counter', async () => {
    const [before, refused] = [await deliveries(), await refusals()];
    const { body } = paidOrder();
    for (let n = 0; n < 5; n += 1) expect((await product.webhook(body, { badSignature: true })).status).toBe(401);
    expect(await deliveries()).toBe(before);
    expect(await refusals()).toBe(refused + 5);
    expect((await product.ask('{ viewer { id } }')).status).toBe(200);
  });

  it('keeps what is signed but not JSON as a dead delivery that can be looked at', async () => {
    expect((await product.webhook('{ this is not JSON', { topic: 'orders/create' })).status).toBe(200);
    await eventually(async () => {
      const { deliveries: { nodes } } = await product.get('{ deliveries(first: 5) { nodes { state reasonCode topic } } }');
      expect(nodes[0]).toMatchObject({ state: 'DEAD', reasonCode: 'BODY_NOT_JSON' });
    });
  });

  it('answers 413 over 4 MiB, 404 for an unknown connection, and ignores an unknown topic', async () => {
    const before = await deliveries();
    expect((await product.webhook(JSON.stringify({ padding: 'x'.repeat(4 * 1024 * 1024) }))).status).toBe(413);
    const unknown = new URL(product.demo.webhookUrl).pathname.replace(/con_\w+/, 'con_00000000000000000000000000');
    expect((await product.webhook('{}', { url: `${product.url}${unknown}` })).status).toBe(404);
    expect(await deliveries()).toBe(before);
    expect((await product.webhook('{"id":1}', { topic: 'carts/sneezed' })).status).toBe(200);
    await eventually(async () => {
      const { deliveries: { nodes } } = await product.get('{ deliveries(first: 1) { nodes { state topic } } }');
      expect(nodes).toEqual([{ state: 'IGNORED', topic: 'carts/sneezed' }]);
    });
  });
});

describe('when all is done', () => {
  it('the books agree', () => checkBooks(product));
});
