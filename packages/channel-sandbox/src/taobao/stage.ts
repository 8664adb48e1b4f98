import { listed } from '../goods-list.js';
import type { Stage } from '../stage.js';
import { refuse } from './answer.js';
import { TaobaoShop } from './shop.js';
import { oaidOf } from './trade.js';
import { taobaoSandbox } from './top-gateway.js';

const SECRET = 'FAKE_SECRET_quanyu_top';
const beijing = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

/** A seller of Taobao. */
export function taobaoStage(): Stage {
  const shop = new TaobaoShop('12345678', SECRET, 'FAKE_session');
  return {
    platform: taobaoSandbox([shop]), shopDomain: 'tea.taobao.com',
    settings: { appKey: '12345678' }, secrets: { appSecret: SECRET, session: 'FAKE_session' }, wrongSecrets: { appSecret: 'FAKE_SECRET_other' },
    throttled: refuse('7', 'App Call Limited', 'accesscontrol.limited-by-api-access-count'),
    expire: () => { shop.session = 'FAKE_session_next'; },
    skus: ['QY-MUG-WHT', 'QY-TEA-250'],
    order: (n, updatedAt) => {
      const tid = `3047218903${434_000_000 + n}`;
      shop.put({
        tid, status: 'WAIT_SELLER_SEND_GOODS', created: beijing(new Date(updatedAt.getTime() - 3_600_000)), payTime: beijing(new Date(updatedAt.getTime() - 3_500_000)), modified: beijing(updatedAt),
        postFee: '8.00', payment: '85.50',
        lines: [{ oid: `${tid.slice(0, -1)}8`, sku: 'QY-MUG-WHT', title: '杯', num: 2, price: '39.90', divided: '70.00' }, { oid: `${tid.slice(0, -1)}9`, sku: 'QY-TEA-250', title: '茶', num: 1, price: '7.50', divided: '7.50' }],
      });
      return tid;
    },
    betweenPages: (happens) => { shop.betweenPages = happens; },
    parcelsOf: (id) => shop.parcelsOf(id).map((number) => ({ number, carrier: '' })),
    stock: (sku, units) => shop.offer(sku, units),
    numbers: () => shop.numbers.given,
    receiverKey: oaidOf,
    unitsOf: (sku) => shop.quantitiesOf(sku)[0],
    ...listed(shop.goods.list),
  };
}
