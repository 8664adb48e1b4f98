import { toMinor } from '../amounts.js';
import type { Stage } from '../stage.js';
import { shopifySandbox } from './admin-api.js';
import { shopifyOrder } from './order-body.js';
import { ShopifyShop } from './shop.js';
import { signShopifyWebhook } from './sign-webhook.js';

const TOKEN = 'shpat_FAKE_token';
const SKUS = ['QY-MUG-WHT', 'QY-TEA-250'];

/** A shop of Shopify. */
export function shopifyStage(shopDomain = 'quanyu-demo.myshopify.com'): Stage {
  const shop = new ShopifyShop(shopDomain, TOKEN);
  return {
    platform: shopifySandbox([shop]), shopDomain,
    settings: { apiVersion: '2025-01', locationId: '1', currency: 'CNY' }, secrets: { accessToken: TOKEN }, wrongSecrets: { accessToken: 'shpat_FAKE_other' },
    throttled: { status: 429, headers: { 'retry-after': '0.02' }, body: '{"errors":"Exceeded 2 calls per second for api client."}' },
    skus: SKUS,
    order: (n, updatedAt) => {
      shop.put(shopifyOrder({
        id: 9_000_000 + n, name: `#${1000 + n}`, currency: 'CNY', createdAt: new Date(updatedAt.getTime() - 3_600_000).toISOString(), updatedAt: updatedAt.toISOString(), financialStatus: 'paid', note: '请周末送达', noteAttributes: { 'Gift message': '生日快乐', engraving: 'Anna' }, shipping: { title: 'Express', price: '8.00' },
        customer: { id: 77, firstName: 'Test', lastName: 'Buyer', email: 'buyer@example.com' }, taxesIncluded: true,
        lines: SKUS.map((sku, at) => ({ sku, variantId: 11 + at, productId: 21 + at, title: sku, quantity: 2 - at, price: at === 0 ? '39.90' : '7.50' })),
      }));
      return String(9_000_000 + n);
    },
    betweenPages: (happens) => { shop.betweenPages = happens; },
    parcelsOf: (id) => shop.parcelsOf(Number(id)).map(({ number, company }) => ({ number: number ?? '', carrier: company ?? '' })),
    stock: (sku, units) => shop.stock(sku, units),
    unitsOf: (sku) => shop.availableOf(sku),
    fill: (goods, customers) => shop.listing.fill(goods, customers),
    unlist: (n) => shop.listing.unlist(n),
    push: (n, at, { secret }) => {
      const body = JSON.stringify({ id: 9_000_000 + n });
      return { body, headers: signShopifyWebhook(body, secret, { topic: 'orders/updated', shopDomain: shop.domain, webhookId: `w-${n}`, eventId: `e-${n}`, triggeredAt: at.toISOString() }) };
    },
    hooks: () => shop.hooks,
    loseHooks: () => { shop.hooks.length = 0; },
    pushed: () => shop.pushed.filter(({ cancelled_at }) => cancelled_at === null).map((order) => ({
      id: String(order.id), sourceId: order.source_identifier ?? '', totalMinor: toMinor(order.total_price, order.currency),
      quantities: Object.fromEntries(order.line_items.map(({ sku, quantity }) => [sku ?? '', quantity])),
    })),
    cancelled: () => shop.pushed.filter(({ cancelled_at }) => cancelled_at !== null).map(({ source_identifier }) => source_identifier ?? ''),
    products: () => shop.products.map(({ id, title, status, variants }) => ({ id: String(id), title, status, prices: Object.fromEntries(variants.map(({ sku, price }) => [sku ?? '', toMinor(price, 'CNY')])) })),
    pack: (id, number) => shop.ship(Number(id), number),
    ship: (id, number) => { shop.ship(Number(id), number); return number; },
    webhookOf: (id) => shop.webhookOf(Number(id)),
  };
}
