import { PlatformError } from '../../outbound/platform-error.js';
import { fromBeijing } from '../reading/beijing-time.js';
import { carrierCode } from '../waybills/carrier-code.js';
import type { Client, ClientContext, Connector, OrderPage, Parcel, PulledOrder, StockSet, StockToSet, Window } from '../connector.js';
import { mustOpen } from '../asking/own-shop.js';
import { ordersByIds, reversePage } from '../asking/reverse-pages.js';
import { unlessGone } from '../asking/unless-gone.js';
import { callPinduoduo } from './api.js';
import { listGoods } from './listing.js';
import { issueWaybill } from './waybill.js';

const PAGE = 50;
/** The platform's numbers of carriers. */
const CARRIERS: Readonly<Record<string, string>> = { SF: '44', ZTO: '115', YTO: '85', STO: '1', YUNDA: '121', EMS: '118', DEPPON: '131' };

/** Pinduoduo. Its orders are read; its message service speaks a protocol of its own. An access token cannot be prolonged: a person authorises anew. */
export const pinduoduoConnector: Connector = {
  fields: [
    { name: 'clientId', secret: false, form: /^\w{8,64}$/ },
    { name: 'clientSecret', secret: true, form: /^[\x21-\x7e]{8,64}$/ },
    { name: 'accessToken', secret: true, form: /^[\x21-\x7e]{8,255}$/ },
  ],
  capabilities: ['pullOrders', 'getOrder', 'pushTracking', 'setStock', 'issueWaybill', 'listGoods'],
  numbers: 'MASKED',
  stock: 'ABSOLUTE',
  rate: { burst: 10, perSecond: 10 },
  // The last three minutes are not told, and nothing beyond half an hour at once.
  pull: { everySeconds: 600, overlapSeconds: 300, longestWindowSeconds: 1_800, lagSeconds: 200, firstDays: 30 },
  open: (context): Client => ({
    check: async () => {
      const { mall_id: mall, mall_name: shopName } = await callPinduoduo<{ mall_id?: string; mall_name?: string }>(context, 'pdd.mall.info.get', {});
      if (shopName === undefined) throw new PlatformError('ANSWER_INVALID');
      mustOpen(context.account, mall);
      return { shopName, apiVersion: 'V1' };
    },
    pullOrders: (window, page) => pullOrders(context, window, page),
    getOrder: (externalOrderId) => pulledOf(context, externalOrderId),
    pushTracking: (parcel) => pushTracking(context, parcel),
    setStock: (levels) => setStock(context, levels),
    issueWaybill: (waybill) => issueWaybill(context, waybill),
    listGoods: (page) => listGoods(context, page),
  }),
};

interface Order { readonly order_sn: string; readonly order_status: string; readonly updated_at: string; readonly tracking_number?: string; readonly extra_delivery_list?: readonly { readonly tracking_number?: string }[] }
interface Listed { readonly total_count?: string; readonly order_sn_list?: readonly { readonly order_sn: string }[] }

function pullOrders(context: ClientContext, { from, to }: Window, page: string | null): Promise<OrderPage> {
  const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));
  const list = (more: Readonly<Record<string, string>>): Promise<Listed> => callPinduoduo<Listed>(context, 'pdd.order.number.list.increment.get', {
    start_updated_at: seconds(from), end_updated_at: seconds(to), is_lucky_flag: '0', order_status: '5', refund_status: '5', page_size: String(PAGE), ...more,
  });
  return reversePage(page, {
    count: async () => Math.ceil(Number((await list({ page: '1', use_has_next: 'false' })).total_count ?? '0') / PAGE),
    ordersOf: async (number) => {
      const { order_sn_list: listed = [] } = await list({ page: String(number), use_has_next: 'true' });
      return ordersByIds(listed.map(({ order_sn }) => order_sn), (id) => pulledOf(context, id));
    },
  });
}

async function orderOf(context: ClientContext, externalOrderId: string): Promise<Order | null> {
  const told = await unlessGone(callPinduoduo<{ order_info?: Order }>(context, 'pdd.order.information.get', { order_sn: externalOrderId }));
  return told?.order_info ?? null;
}

async function pulledOf(context: ClientContext, externalOrderId: string): Promise<PulledOrder | null> {
  const order = await orderOf(context, externalOrderId);
  if (order === null) return null;
  const updatedAt = fromBeijing(order.updated_at);
  if (updatedAt === null) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: order.order_sn, updatedAt, body: JSON.stringify(order) };
}

async function pushTracking(context: ClientContext, { externalOrderId, trackingNumber, carrier }: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  const order = await orderOf(context, externalOrderId);
  if (order === null) throw new PlatformError('NOT_FOUND');
  if ([order.tracking_number, ...(order.extra_delivery_list ?? []).map(({ tracking_number }) => tracking_number)].includes(trackingNumber)) return 'ALREADY_THERE';
  const parcel = { order_sn: externalOrderId, logistics_id: carrierCode(CARRIERS, carrier, ''), tracking_number: trackingNumber };
  if (parcel.logistics_id === '') throw new PlatformError('REQUEST_REFUSED', { platformCode: 'CARRIER_UNKNOWN' });
  // A parcel after the first is told beside it: sent again as the first, it would take its place.
  if (order.order_status === '1') await callPinduoduo(context, 'pdd.logistics.online.send', { ...parcel, redelivery_type: '1' }, false);
  else await callPinduoduo(context, 'pdd.order.upload.extra.logistics', parcel, false);
  return 'WRITTEN';
}

interface Goods { readonly goods_id: string; readonly sku_list?: readonly { readonly sku_id: string; readonly outer_id?: string }[] }

async function setStock(context: ClientContext, levels: readonly StockToSet[]): Promise<readonly StockSet[]> {
  const results: StockSet[] = [];
  for (const { externalSku, quantity } of levels) {
    const { goods_list: found = [] } = await callPinduoduo<{ goods_list?: readonly Goods[] }>(context, 'pdd.goods.list.get', { outer_id: externalSku, page: '1', page_size: '100' });
    // The same goods may stand in several offers: each shows what there is.
    const skus = found.flatMap(({ goods_id, sku_list: all = [] }) => all.filter(({ outer_id }) => outer_id === externalSku).map(({ sku_id }) => ({ goods_id, sku_id })));
    for (const sku of skus) await callPinduoduo(context, 'pdd.goods.quantity.update', { ...sku, quantity: String(quantity), update_type: '1' });
    results.push({ externalSku, result: skus.length === 0 ? 'UNKNOWN_SKU' : 'SET' });
  }
  return results;
}
