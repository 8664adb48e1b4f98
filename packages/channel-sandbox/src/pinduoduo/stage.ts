import { listed } from '../goods-list.js';
import { LINES } from '../shop-store.js';
import type { Stage } from '../stage.js';
import { PINDUODUO_THROTTLED, PinduoduoShop, pinduoduoSandbox } from './shop.js';

/** A shop of Pinduoduo. */
export function pinduoduoStage(): Stage {
  const shop = new PinduoduoShop('fakeclient0001', 'FAKE_SECRET_quanyu_pdd', 'FAKE_access_0');
  return {
    platform: pinduoduoSandbox(shop), shopDomain: '600000001',
    settings: { clientId: shop.clientId }, secrets: { clientSecret: shop.clientSecret, accessToken: shop.accessToken }, wrongSecrets: { clientSecret: 'FAKE_SECRET_other' },
    throttled: PINDUODUO_THROTTLED,
    expire: () => { shop.accessToken = 'FAKE_access_later'; },
    skus: LINES.map(({ sku }) => sku),
    order: (n, updatedAt) => shop.store.put(`260301-38921046512${1000 + n}`, updatedAt),
    betweenPages: (happens) => { shop.store.betweenPages = happens; },
    parcelsOf: (id) => shop.store.orders.get(id)?.parcels ?? [],
    stock: (sku, units) => shop.store.stock(sku, units),
    numbers: () => shop.numbers.given,
    receiverKey: () => null,
    unitsOf: (sku) => shop.store.goodsOf((goods) => goods.sku === sku)?.units,
    ...listed(shop.goods.list),
  };
}
