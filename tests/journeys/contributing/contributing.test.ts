import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.js';
import type { Json } from '../../harness/credentials.js';
import { freshProduct, Product, remove } from '../../harness/product.js';
import { applyStep, readExamples } from './examples.js';
import { buildTree, copyTree } from './tree.js';

const root = join(import.meta.dirname, '../../..');
const examples = readExamples(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));

// All four in one tree: each is a commit of its own, and none stands in another's way.
let product: Product;
let tree: string;
beforeAll(async () => {
  const { dataDir } = await freshProduct();
  tree = join(dirname(dataDir), 'tree');
  await mkdir(tree, { mode: 0o755 });
  copyTree(root, tree);
  const steps = [...examples.values()].flat();
  for (const step of steps) applyStep(tree, step);
  await buildTree(root, tree, steps.map(({ path }) => path));
  product = await new Product(dataDir, join(tree, 'packages/standalone/dist/main.js')).start();
}, 300_000);
afterAll(async () => {
  await product?.stop();
  if (product) await remove(product);
});

const ticket = async (): Promise<Json> => {
  const { createTicket } = await product.get('mutation { createTicket(input: { kind: QUESTION, subject: "When?", idempotencyKey: "one" }) { ticket { id version createdAt dueAt } userErrors { code } } }');
  return createTicket.ticket;
};

describe('CONTRIBUTING.md', () => {
  it('shows how to add a field, an event, a subgraph and a channel', () => {
    expect([...examples.keys()]).toEqual(['Add a field', 'Add an event', 'Add a subgraph', 'Add a channel']);
    for (const steps of examples.values()) expect(steps.length).toBeGreaterThan(2);
  });

  it('adds a field that the gateway answers', async () => {
    const { createdAt, dueAt } = await ticket();
    expect(Date.parse(dueAt) - Date.parse(createdAt)).toBe(24 * 3_600_000);
    expect((await product.get(readFileSync(join(tree, 'schema/operations/desk/ticket-list.graphql'), 'utf8'))).tickets.nodes).toMatchObject([{ dueAt }]);
  });

  it('adds an event that reaches its consumer', async () => {
    const { id, version } = await ticket();
    await product.get('mutation($id: ID!, $version: Int) { moveTicket(input: { ticketId: $id, action: START, expectedVersion: $version }) { userErrors { code } } }', { id, version });
    const entry = await eventually(async () => {
      const { auditEntries: { nodes } } = await product.get('query($id: ID!) { auditEntries(filter: { subject: $id }) { nodes { action actorKind details { name value } } } }', { id });
      expect(nodes).toHaveLength(1);
      return nodes[0];
    });
    expect(entry).toEqual({ action: 'ticket-moved', actorKind: 'STAFF', details: [{ name: 'status', value: 'IN_PROGRESS' }] });
  });

  it('adds a subgraph that is asked through the one graph', async () => {
    const { skus: [sku] } = await product.get('{ skus(codes: ["QY-MUG-WHT"]) { id labels } }');
    expect(sku.labels).toEqual([]);
    const SET = 'mutation($id: ID!, $names: [String!]!) { setLabels(input: { skuId: $id, names: $names }) { sku { code labels } userErrors { code } } }';
    expect((await product.get(SET, { id: sku.id, names: ['gift', 'kitchen', 'gift '] })).setLabels).toEqual({ sku: { code: 'QY-MUG-WHT', labels: ['gift', 'kitchen'] }, userErrors: [] });
    expect((await product.get(SET, { id: sku.id, names: [''] })).setLabels).toEqual({ sku: null, userErrors: [{ code: 'LABELS_INVALID' }] });
  });

  it('adds a channel whose orders come to the ledger, and which no forged webhook enters', async () => {
    const { connectChannel: { webhookPath } } = await product.get('mutation { connectChannel(input: { platform: WEIDIAN, name: "Weidian", shopDomain: "shop42.v.weidian.com", webhookSecret: "a-secret-of-weidian", idempotencyKey: "w" }) { webhookPath userErrors { code message } } }');
    const body = JSON.stringify({
      currency: 'CNY', order_id: 'WD-1', status: 'pay', create_time: '2026-11-20T10:00:00+08:00', update_time: '2026-11-20T10:00:00+08:00', express_fee: '6.00', total: '60.00',
      items: [{ sub_order_id: '1', merchant_code: 'QY-MUG-WHT', item_name: '马克杯', quantity: 1, price: '59.00' }],
    });
    const post = (secret: string): Promise<Response> => fetch(`${product.url}${webhookPath}`, {
      method: 'POST', body,
      headers: { 'content-type': 'application/json', 'x-weidian-topic': 'order/paid', 'x-weidian-id': 'd1', 'x-weidian-shop': 'shop42.v.weidian.com', 'x-weidian-sign': createHmac('sha256', secret).update(body).digest('base64') },
    });
    expect((await post('another-secret-of-no')).status).toBe(401);
    for (let time = 0; time < 2; time += 1) expect((await post('a-secret-of-weidian')).status).toBe(200);
    const order = await eventually(async () => {
      const { orders: { nodes } } = await product.get('{ orders(filter: { orderNumber: "WD-1" }) { nodes { status platform amounts { total { amount } discount { amount } } journalEntries { kind } } } }');
      expect(nodes).toMatchObject([{ status: 'TO_SHIP', journalEntries: [{}] }]);
      return nodes[0];
    });
    expect(order).toMatchObject({ platform: 'WEIDIAN', amounts: { total: { amount: '60.00' }, discount: { amount: '5.00' } } });
  });
});
