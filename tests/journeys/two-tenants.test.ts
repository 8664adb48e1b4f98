import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder, storyDone } from './channel-order-to-ledger/story.js';

let product: Product;
beforeAll(async () => { product = await (await freshProduct()).start(); }, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

describe('credentials', () => {
  it('let nobody in who has none, or bad ones', async () => {
    const none = await product.ask('{ orders { nodes { id } } }', {}, {});
    expect(none.errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
    const bad = await product.ask('{ viewer { id } }', {}, { token: `${product.staffToken.slice(0, -4)}AAAA` });
    expect([bad.status, bad.errors?.[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await product.ask('{ viewer { id } }', {}, { apiKey: 'qyk_nobodys' })).status).toBe(401);
  });

  it('give a partner what its scopes say and no more', async () => {
    const partner = { apiKey: product.partnerKey };
    expect((await product.get('{ viewer { kind tenant { name } } orders(first: 1) { totalCount } }', {}, partner)).viewer.kind).toMatch(/partner/i);
    for (const query of ['{ trialBalance { currency } }', '{ members(first: 1) { totalCount } }', '{ auditEntries(first: 1) { totalCount } }']) {
      expect((await product.ask(query, {}, partner)).errors?.[0].extensions.code).toBe('FORBIDDEN');
    }
  });

  it('speak the language of the client', async () => {
    const { errors } = await product.ask('{ orders { nodes { id } } }', {}, {}, { 'accept-language': 'zh-CN' });
    expect(errors?.[0].message).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('two merchants on one machine', () => {
  it('do not see each other, by lists, by ids, by references or live', async () => {
    const { body } = paidOrder();
    await product.webhook(body);
    const mine = await storyDone(product, body);
    // A row of another tenant, made by hand: same database, same tables.
    const stranger = 'ten_0000000000000000000000000x';
    await product.sql(`update orders.sales_order set tenant_id = '${stranger}' where id = $1`, [mine.id]);
    await product.sql(`update orders.order_line set tenant_id = '${stranger}' where order_id = $1`, [mine.id]);
    expect((await product.get('query($id: ID!) { order(id: $id) { id } }', { id: mine.id })).order).toBeNull();
    const { orders } = await product.get('{ orders(first: 250) { nodes { id } totalCount } }');
    expect(orders.nodes.map((node: { id: string }) => node.id)).not.toContain(mine.id);
    const { journalEntries } = await product.get('{ journalEntries(first: 10) { nodes { order { orderNumber } } } }').catch(() => ({ journalEntries: { nodes: [] } }));
    for (const entry of journalEntries.nodes) expect(entry.order?.orderNumber).not.toBe(body.name);
  });
});
