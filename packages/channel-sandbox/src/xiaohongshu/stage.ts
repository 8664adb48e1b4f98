import { createHash } from 'node:crypto';
import { listed } from '../goods-list.js';
import { LINES } from '../shop-store.js';
import type { Stage } from '../stage.js';
import { XIAOHONGSHU_THROTTLED, XiaohongshuShop, xiaohongshuSandbox } from './shop.js';

/** A shop of Xiaohongshu; some of its stock is held by orders that wait for payment. */
export function xiaohongshuStage(): Stage {
  const shop = new XiaohongshuShop('fakeapp0000000000001', 'FAKE_SECRET_quanyu_xhs');
  return {
    platform: xiaohongshuSandbox(shop), shopDomain: '5f0000000000000000000001',
    settings: { appId: shop.appId }, secrets: { appSecret: shop.appSecret, accessToken: shop.accessToken, refreshToken: shop.refreshToken }, wrongSecrets: { appSecret: 'FAKE_SECRET_other' },
    throttled: XIAOHONGSHU_THROTTLED,
    expire: () => { shop.accessToken = 'FAKE-access-later'; },
    skus: LINES.map(({ sku }) => sku),
    order: (n, updatedAt) => shop.store.put(`P7300000000${1_000_000 + n}`, updatedAt),
    betweenPages: (happens) => { shop.store.betweenPages = happens; },
    parcelsOf: (id) => shop.store.orders.get(id)?.parcels ?? [],
    stock: (sku, units) => { shop.store.stock(sku, units); shop.store.goodsOf((goods) => goods.sku === sku)!.held = 3; },
    // Its body is not signed.
    push: (n, at, { path }) => {
      const timestamp = String(Math.floor(at.getTime() / 1000));
      const sign = createHash('md5').update(`${path}?app-key=${shop.appId}&timestamp=${timestamp}${shop.appSecret}`).digest('hex');
      return { body: JSON.stringify([{ msgTag: 'msg_fulfillment_status_change', sellerId: 'x', data: JSON.stringify({ orderId: `P${n}`, orderStatus: 4 }) }]), headers: { 'app-key': shop.appId, timestamp, sign } };
    },
    numbers: () => shop.numbers.given,
    receiverKey: () => 'FAKEADDRESS',
    unitsOf: (sku) => shop.store.goodsOf((goods) => goods.sku === sku)?.units,
    ...listed(shop.goods.list),
  };
}
