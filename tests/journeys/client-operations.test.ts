import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import type { Credentials, Json } from '../harness/credentials.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder, storyDone } from './channel-order-to-ledger/story.js';

const folder = new URL('../../schema/operations/', import.meta.url);
const files = globSync('*/*.graphql', { cwd: folder.pathname }).sort();
const textOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const isLive = (file: string): boolean => textOf(file).includes('subscription ');

/** What partners are given for a shop of their own; the server of a mini-program works with such a key too. */
const PARTNER_SCOPES = ['catalog:read', 'inventory:read', 'orders:read', 'channels:read'];

let product: Product;
let order: Json;
let sku: Json;
let waiting: Json;
let partner: Credentials;
beforeAll(async () => {
  product = await (await freshProduct()).start();
  const { body } = paidOrder();
  await product.webhook(body);
  order = await storyDone(product, body);
  const unknown = paidOrder({ lines: [{ sku: 'NOBODY-KNOWS', variantId: 9, productId: 9, title: 'A thing', quantity: 1, price: '1.00' }] });
  await product.webhook(unknown.body);
  waiting = await eventually(async () => {
    const { orders: { nodes: [first] } } = await product.get('{ orders(first: 1, filter: { hasException: true }) { nodes { id channel { id } exceptions { subjects } } } }');
    expect(first).toBeTruthy();
    return first;
  });
  const created = await product.get('mutation($scopes: [String!]!) { createPartnerKey(input: { name: "A shop", scopes: $scopes, allChannels: true, idempotencyKey: "k" }) { clearKey userErrors { message } } }', { scopes: PARTNER_SCOPES });
  partner = { apiKey: created.createPartnerKey.clearKey };
  sku = (await product.get('{ skus(codes: ["QY-TEE-BLK-M"]) { id product { id } } }')).skus[0];
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

/** What each client puts in; those that are missing here take no variables. */
const VARIABLES: Record<string, () => Promise<Json> | Json> = {
  'desk/change-price.graphql': () => ({ sku: sku.id, amount: '139.00', currency: 'CNY' }),
  'desk/count-stock.graphql': () => ({ sku: sku.id, onHand: 480, key: 'count' }),
  'desk/map-unknown-sku.graphql': () => ({ channel: waiting.channel.id, name: waiting.exceptions[0].subjects[0], sku: sku.id, key: 'map' }),
  'desk/member-page.graphql': () => ({ id: order.member.id }),
  'desk/move-ticket.graphql': async () => {
    const { tickets: { nodes: [ticket] } } = await product.get('{ tickets(first: 1) { nodes { id version availableActions { action enabled } } } }');
    return { ticket: ticket.id, expectedVersion: ticket.version, action: ticket.availableActions.find((action: Json) => action.enabled).action };
  },
  'desk/new-product.graphql': () => ({ title: 'A poster', code: 'QY-POSTER', amount: '29.00', currency: 'CNY', key: 'poster' }),
  'desk/open-ticket.graphql': () => ({ order: order.id, kind: 'COMPLAINT', subject: 'The mug came broken', key: 'ticket' }),
  'desk/order-list.graphql': () => ({ statuses: ['TO_SHIP'], channels: [order.channel.id] }),
  'desk/order-page.graphql': () => ({ id: order.id }),
  'desk/replay-delivery.graphql': async () => ({ delivery: (await product.get('{ deliveries(first: 1) { nodes { id } } }')).deliveries.nodes[0].id }),
  'desk/retry-short-order.graphql': () => ({ order: waiting.id, key: 'retry' }),
  'mini-program/product-page.graphql': () => ({ id: sku.product.id }),
  'mini-program/search.graphql': () => ({ text: 'QY-TEE' }),
  'partner/stock-of-skus.graphql': () => ({ codes: ['QY-TEE-BLK-M', 'QY-MUG-WHT'] }),
};

/** A business "no" that is right where the demo shop stands: the order that waits has no stock to ask for. */
const MAY_REFUSE = new Set(['desk/retry-short-order.graphql']);

const asksAs = (file: string): Credentials => (/^(partner|mini-program)\//.test(file) ? partner : { token: product.staffToken });

// A ticket is opened before it is moved.
const inOrder = files.filter((file) => !isLive(file)).sort((a, b) => Number(a.includes('move-')) - Number(b.includes('move-')));

describe('what clients are known to ask', () => {
  it.each(inOrder)('%s is answered to that client', async (file) => {
    const data = await product.get(textOf(file), await VARIABLES[file]?.() ?? {}, asksAs(file));
    for (const value of Object.values<Json>(data)) {
      expect(value).toBeTruthy();
      if (!MAY_REFUSE.has(file)) expect(value.userErrors ?? []).toEqual([]);
      if (Array.isArray(value.nodes) && file !== 'dashboard/alerts.graphql') expect(value.nodes.length).toBeGreaterThan(0);
    }
  });

  it.each(files.filter(isLive))('%s can be followed', async (file) => {
    const live = await product.live();
    await live.follow(file, textOf(file));
    await product.webhook(paidOrder(file.includes('alerts') ? { lines: [{ sku: `UNKNOWN-${Date.now()}`, variantId: 9, productId: 9, title: 'A thing', quantity: 1, price: '1.00' }] } : {}).body);
    await eventually(() => expect(live.seen[file]!.length).toBeGreaterThan(0));
    expect(live.errors).toEqual([]);
  });
});
