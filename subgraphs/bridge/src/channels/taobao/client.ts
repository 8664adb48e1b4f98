import { PlatformError } from '../../outbound/platform-error.js';
import { fromBeijing, toBeijing } from '../reading/beijing-time.js';
import type { Client, ClientContext, Connector, OrderPage, Parcel, PulledOrder, StockSet, StockToSet, Window } from '../connector.js';
import { ordersByIds, reversePage } from '../asking/reverse-pages.js';
import { unlessGone } from '../asking/unless-gone.js';
import { companyOf } from './companies.js';
import { listGoods } from './listing.js';
import { callTop } from './top.js';
import { issueWaybill } from './waybill.js';

const PAGE = 50;
const FIELDS = [
  'tid', 'status', 'type', 'created', 'pay_time', 'consign_time', 'end_time', 'modified', 'payment', 'total_fee', 'post_fee', 'discount_fee', 'adjust_fee', 'buyer_open_uid', 'buyer_message',
  'seller_memo', 'shipping_type', 'receiver_name', 'receiver_mobile', 'receiver_phone', 'receiver_state', 'receiver_city', 'receiver_district', 'receiver_town', 'receiver_address', 'receiver_zip', 'oaid', 'orders',
].join(',');

interface Trade { readonly tid: string; readonly modified?: string }
interface Trades { readonly trades?: { readonly trade?: readonly Trade[] }; readonly total_results?: string; readonly has_next?: boolean }

/** Taobao and Tmall through TOP. Orders are read by windows of change; its message service speaks a protocol of its own. */
export const taobaoConnector: Connector = {
  fields: [
    { name: 'appKey', secret: false, form: /^\d{4,12}$/ },
    { name: 'appSecret', secret: true, form: /^[\x21-\x7e]{8,64}$/ },
    { name: 'session', secret: true, form: /^[\x21-\x7e]{8,255}$/ },
  ],
  capabilities: ['pullOrders', 'getOrder', 'pushTracking', 'setStock', 'issueWaybill', 'listGoods'],
  numbers: 'MASKED',
  stock: 'ABSOLUTE',
  rate: { burst: 10, perSecond: 10 },
  pull: { everySeconds: 300, overlapSeconds: 300, longestWindowSeconds: 1_800, lagSeconds: 10, firstDays: 30 },
  open: (context): Client => ({
    check: async () => {
      const { user } = await callTop<{ user: { nick: string } }>(context, 'taobao.user.seller.get', { fields: 'nick' });
      return { shopName: user.nick, apiVersion: '2.0' };
    },
    pullOrders: (window, page) => pullOrders(context, window, page),
    getOrder: (externalOrderId) => fullTrade(context, externalOrderId),
    pushTracking: (parcel) => pushTracking(context, parcel),
    setStock: (levels) => setStock(context, levels),
    issueWaybill: (waybill) => issueWaybill(context, waybill),
    listGoods: (page, since = null) => listGoods(context, page, since),
  }),
};

function pullOrders(context: ClientContext, { from, to }: Window, page: string | null): Promise<OrderPage> {
  const list = (more: Readonly<Record<string, string>>): Promise<Trades> =>
    callTop<Trades>(context, 'taobao.trades.sold.increment.get', { start_modified: toBeijing(from), end_modified: toBeijing(to), ...more });
  return reversePage(page, {
    count: async () => Math.ceil(Number((await list({ fields: 'tid', page_no: '1', page_size: '1', use_has_next: 'false' })).total_results ?? '0') / PAGE),
    ordersOf: async (number) => {
      const { trades } = await list({ fields: 'tid,modified', page_no: String(number), page_size: String(PAGE), use_has_next: 'true' });
      return ordersByIds((trades?.trade ?? []).map(({ tid }) => tid), (tid) => fullTrade(context, tid));
    },
  });
}

async function fullTrade(context: ClientContext, tid: string): Promise<PulledOrder | null> {
  const told = await unlessGone(callTop<{ trade?: Trade }>(context, 'taobao.trade.fullinfo.get', { tid, fields: FIELDS }), 'isv.trade-not-exist');
  if (told === null) return null;
  const updatedAt = fromBeijing(told.trade?.modified);
  if (told.trade === undefined || updatedAt === null) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: String(told.trade.tid), updatedAt, body: JSON.stringify(told.trade) };
}

async function pushTracking(context: ClientContext, { externalOrderId, trackingNumber, carrier, lines }: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  try {
    await callTop(context, 'taobao.logistics.offline.send', {
      tid: externalOrderId, out_sid: trackingNumber, company_code: companyOf(carrier),
      ...(lines !== null && { is_split: '1', sub_tid: lines.map(({ externalLineId }) => externalLineId).join(',') }),
    }, false);
    return 'WRITTEN';
  } catch (error) {
    if (error instanceof PlatformError && /isv\.(logistics-)?(offline-service-error|already-consigned).*(CD26|already)|already-consigned/.test(error.details.platformCode ?? '')) return 'ALREADY_THERE';
    throw error;
  }
}

interface Sku { readonly num_iid: string; readonly sku_id: string }

async function setStock(context: ClientContext, levels: readonly StockToSet[]): Promise<readonly StockSet[]> {
  const results: StockSet[] = [];
  for (const { externalSku, quantity } of levels) {
    const { skus } = await callTop<{ skus?: { sku?: readonly Sku[] } }>(context, 'taobao.skus.custom.get', { outer_id: externalSku, fields: 'num_iid,sku_id' });
    const found = skus?.sku ?? [];
    // The same goods may stand in several offers: each shows what there is.
    for (const { num_iid, sku_id } of found) {
      await callTop(context, 'taobao.skus.quantity.update', { num_iid: String(num_iid), skuid_quantities: `${sku_id}:${quantity}`, type: '1' });
    }
    results.push({ externalSku, result: found.length === 0 ? 'UNKNOWN_SKU' : 'SET' });
  }
  return results;
}
