import { json } from '../json-answer.js';
import { LINES } from '../shop-store.js';
import type { Stage } from '../stage.js';
import { shoplazzaCustomer, shoplazzaGoods } from './listing.js';
import { ShoplazzaShop, shoplazzaSandbox } from './shop.js';
import { signShoplazzaWebhook } from './sign-webhook.js';

/** A shop of Shoplazza that has our app installed. */
export function shoplazzaStage(): Stage {
  const shop = new ShoplazzaShop('quanyu-demo.myshoplaza.com', { id: 'FAKE-client', secret: 'FAKE-SECRET-quanyu' });
  return {
    platform: shoplazzaSandbox(shop), shopDomain: shop.domain,
    settings: { apiVersion: '2022-01', clientId: shop.client.id, oauthHost: 'SHOP', currency: 'CNY' }, secrets: { clientSecret: shop.client.secret, accessToken: shop.accessToken, refreshToken: shop.refreshToken },
    wrongSecrets: { accessToken: 'FAKE-access-other' },
    throttled: json(429, { errors: ['Too Many Requests'] }, { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'retry-after': '0.05' }),
    expire: () => { shop.accessToken = 'FAKE-access-later'; },
    skus: LINES.map(({ sku }) => sku),
    order: (n, updatedAt) => shop.store.put(`${1_640_000_000_000_000_000n + BigInt(n)}`, updatedAt),
    betweenPages: (happens) => { shop.store.betweenPages = happens; },
    parcelsOf: (id) => shop.store.orders.get(id)?.parcels ?? [],
    stock: (sku, units) => shop.store.stock(sku, units),
    fill: (goods, customers, word = 'customers') => {
      shop.customersWord = word;
      shop.goods.splice(0, Infinity, ...Array.from({ length: goods }, (_, n) => shoplazzaGoods(n)));
      shop.customers.splice(0, Infinity, ...Array.from({ length: customers }, (_, n) => shoplazzaCustomer(n)));
    },
    garble: (n) => { Object.assign(shop.goods[n]!, { variants: 'sold out' }); },
    unlist: (n) => { shop.goods.splice(shop.goods.findIndex((one) => (one as { id: string }).id === `p${n}`), 1); },
    push: (n, _at, { secret }) => {
      const body = JSON.stringify({ id: String(n) });
      return { body, headers: signShoplazzaWebhook(body, secret, { topic: 'orders/update', shopDomain: shop.domain, deduplicationId: `d-${n}` }) };
    },
    hooks: () => shop.webhooks,
    loseHooks: () => { shop.webhooks.length = 0; },
    products: () => [...shop.products].map(([id, { title, published, variants }]) => ({ id, title, status: published ? 'ACTIVE' : 'DRAFT', prices: Object.fromEntries(variants.map(({ sku, price }) => [sku, Math.round(Number(price) * 100)])) })),
    unitsOf: (sku) => shop.store.goodsOf((goods) => goods.sku === sku)?.units,
  };
}
