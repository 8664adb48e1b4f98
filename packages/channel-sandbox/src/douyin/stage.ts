import { createHash } from 'node:crypto';
import { listed } from '../goods-list.js';
import { json } from '../json-answer.js';
import { LINES } from '../shop-store.js';
import type { Stage } from '../stage.js';
import { CIPHERS, DouyinShop, douyinSandbox } from './shop.js';

/** A shop of Douyin. */
export function douyinStage(): Stage {
  const shop = new DouyinShop('7000000000000000001', 'FAKE-SECRET-quanyu');
  return {
    platform: douyinSandbox([shop]), shopDomain: '77977',
    settings: { appKey: shop.appKey }, secrets: { appSecret: shop.appSecret, accessToken: shop.accessToken, refreshToken: shop.refreshToken }, wrongSecrets: { appSecret: 'FAKE-SECRET-other1' },
    throttled: json(200, { code: 80000, msg: 'limited', sub_code: 'isp.flow-limit:1', sub_msg: 'limited', data: null, log_id: 'sandbox' }),
    expire: () => { shop.accessToken = 'FAKE_access_later'; },
    skus: LINES.map(({ sku }) => sku),
    order: (n, updatedAt) => shop.store.put(`69210000000${4_000_000 + n * 10}`, updatedAt),
    betweenPages: (happens) => { shop.store.betweenPages = happens; },
    parcelsOf: (id) => shop.store.orders.get(id)?.parcels ?? [],
    stock: (sku, units) => shop.store.stock(sku, units),
    push: (n) => {
      const body = `[{"tag":"101","msg_id":"m-${n}","data":"{\\"p_id\\":${6_921_000_000_000_000_000n + BigInt(n)},\\"shop_id\\":77977}"}]`;
      return { body, headers: { 'app-id': shop.appKey, 'event-sign': createHash('md5').update(shop.appKey + body + shop.appSecret).digest('hex') } };
    },
    numbers: () => shop.numbers.given,
    receiverKey: () => JSON.stringify(CIPHERS),
    unitsOf: (sku) => shop.store.goodsOf((goods) => goods.sku === sku)?.units,
    ...listed(shop.goods.list),
  };
}
