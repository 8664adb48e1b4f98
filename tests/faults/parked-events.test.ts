import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { eventually } from '../harness/eventually.js';
import type { Json } from '../harness/credentials.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { checkBooks, paidOrder, storyDone } from '../journeys/channel-order-to-ledger/story.js';

let product: Product;
let connectionId: string;
let tenantId: string;
beforeAll(async () => {
  product = await (await freshProduct()).start();
  connectionId = (await product.get('{ channels(first: 1) { nodes { id } } }')).channels.nodes[0].id;
  tenantId = (await product.sql<{ tenant_id: string }>('select tenant_id from bridge.channel_connection limit 1'))[0]!.tenant_id;
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const tell = async (type: string, subject: string, sequence: number, data: object): Promise<string> => {
  const eventId = newId('evt');
  await product.sql('insert into orders.outbox (event_id, tenant_id, type, subject, sequence, data) values ($1, $2, $3, $4, $5, $6)', [eventId, tenantId, type, subject, sequence, JSON.stringify(data)]);
  return eventId;
};

/** Who takes in that an order is confirmed, and that it is cancelled. */
const CONSUMERS = ['bridge', 'finance', 'inventory', 'members', 'orders'];

/** The waits between tries are made for outages; nobody here needs to sit through them. */
const hurry = async (): Promise<void> => {
  for (const schema of CONSUMERS) await product.sql(`update ${schema}.parked_event set next_attempt_at = now() where state = 'RETRYING'`);
};
const parked = async (): Promise<Json> => (await product.get('{ parkedEvents(first: 250) { totalCount unanswered nodes { subgraph eventId type source subject attempts reason state } } }')).parkedEvents;
const alerts = async (eventId: string): Promise<Json[]> =>
  (await product.get('{ alerts(first: 250) { nodes { code severity state subjectId message } } }')).alerts.nodes.filter((alert: Json) => alert.subjectId === eventId);
const replay = async (subgraph: string, eventId: string): Promise<Json> =>
  (await product.get('mutation($input: ReplayParkedEventInput!) { replayParkedEvent(input: $input) { replayed parkedEvent { reason attempts } userErrors { code retryable } } }', { input: { subgraph, eventId } })).replayParkedEvent;
const mend = (schema: string, eventId: string): Promise<unknown> =>
  product.sql(`update ${schema}.parked_event set envelope = jsonb_set(envelope, '{data,amounts,totalMinor}', '10000') where event_id = $1`, [eventId]);

describe('an event that does not fit its contract', () => {
  const orderId = newId('ord');
  const amounts = { currency: 'CNY', itemsMinor: 10_000, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: true };
  let bad: string;
  let behind: string;

  it('is parked by each that cannot take it in, seen with its reason, and alerted; other orders go through meanwhile', async () => {
    bad = await tell('orders.order-confirmed.v1', orderId, 2, { orderId, connectionId, customer: null, amounts: { ...amounts, totalMinor: 'Bob Lane' }, paidAt: '2026-11-20T02:00:00Z' });
    behind = await tell('orders.order-cancelled.v1', orderId, 3, { orderId, connectionId, reason: 'REFUNDED', wasConfirmed: true });
    const { body } = paidOrder();
    await product.webhook(body);
    await storyDone(product, body);
    await eventually(async () => {
      await hurry();
      expect((await parked()).nodes.filter((event: Json) => event.state === 'PARKED')).toHaveLength(CONSUMERS.length);
    }, 60_000);
    const { nodes, totalCount, unanswered } = await parked();
    expect(unanswered).toEqual([]);
    expect(totalCount).toBe(2 * CONSUMERS.length);
    for (const subgraph of CONSUMERS.map((name) => name.toUpperCase())) {
      expect(nodes.filter((event: Json) => event.subgraph === subgraph)).toEqual([
        { subgraph, eventId: bad, type: 'orders.order-confirmed.v1', source: 'orders', subject: orderId, attempts: 5, reason: 'ZodError amounts.totalMinor', state: 'PARKED' },
        { subgraph, eventId: behind, type: 'orders.order-cancelled.v1', source: 'orders', subject: orderId, attempts: 0, reason: 'WAITS_FOR_EARLIER_EVENT', state: 'RETRYING' },
      ]);
    }
    expect(JSON.stringify(nodes)).not.toContain('Bob');
    await eventually(async () => expect((await alerts(bad)).map(({ code, severity, state }) => [code, severity, state])).toEqual(CONSUMERS.map(() => ['EVENT_PARKED', 'CRITICAL', 'OPEN'])));
  }, 300_000);

  it('fails again in a replay until it is mended', async () => {
    expect(await replay('FINANCE', bad)).toEqual({ replayed: 0, parkedEvent: { reason: 'ZodError amounts.totalMinor', attempts: 6 }, userErrors: [{ code: 'STILL_FAILING', retryable: true }] });
  });

  it('is taken in when it is mended and replayed, also after a restart, with what waited behind it; its alert closes', async () => {
    await product.kill();
    await product.start();
    await mend('finance', bad);
    expect(await replay('FINANCE', bad)).toEqual({ replayed: 2, parkedEvent: null, userErrors: [] });
    const entries = await product.sql<{ source_event_id: string }>('select source_event_id from finance.journal_entry where order_id = $1 order by id', [orderId]);
    expect(entries.map((entry) => entry.source_event_id)).toEqual([bad, behind]);
    expect((await parked()).nodes.map((event: Json) => event.subgraph).sort()).toEqual(CONSUMERS.filter((name) => name !== 'finance').flatMap((name) => [name.toUpperCase(), name.toUpperCase()]));
    const states = async (): Promise<string[][]> => (await alerts(bad)).map(({ message, state }) => [message.split(' ')[0], state]).sort();
    await eventually(async () => expect(await states()).toEqual(CONSUMERS.map((name) => [name, name === 'finance' ? 'RESOLVED' : 'OPEN'])));

    for (const schema of CONSUMERS.filter((name) => name !== 'finance')) {
      await mend(schema, bad);
      expect(await replay(schema.toUpperCase(), bad)).toMatchObject({ replayed: 2, userErrors: [] });
    }
    await eventually(async () => expect(await states()).toEqual(CONSUMERS.map((name) => [name, 'RESOLVED'])));
    expect(await parked()).toMatchObject({ totalCount: 0, nodes: [] });
    expect((await replay('MEMBERS', bad)).userErrors).toEqual([{ code: 'NOT_PARKED', retryable: false }]);
    await checkBooks(product);
  }, 300_000);
});
