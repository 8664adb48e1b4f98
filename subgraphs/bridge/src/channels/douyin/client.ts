import { PlatformError } from '../../outbound/platform-error.js';
import { carrierCode } from '../waybills/carrier-code.js';
import type { Client, ClientContext, Connector, OrderPage, Parcel, PulledOrder, Renewed, StockSet, StockToSet, Window } from '../connector.js';
import { mustOpen } from '../asking/own-shop.js';
import { unlessGone } from '../asking/unless-gone.js';
import { callDouyin } from './api.js';
import { listGoods } from './listing.js';
import { issueWaybill } from './waybill.js';

const PAGE = 100;
/** The carriers' codes are the platform's own words. */
const CARRIERS: Readonly<Record<string, string>> = { SF: 'shunfeng', ZTO: 'zhongtong', YTO: 'yuantong', STO: 'shentong', YUNDA: 'yunda', EMS: 'ems', DEPPON: 'debangwuliu' };

interface Order { readonly order_id: string; readonly update_time: string; readonly logistics_info?: readonly { readonly tracking_no?: string }[] }

/** Douyin shop (抖店). Its pushes tell of changes; the orders themselves are read. */
export const douyinConnector: Connector = {
  fields: [
    { name: 'appKey', secret: false, form: /^\d{10,24}$/ },
    { name: 'appSecret', secret: true, form: /^[\x21-\x7e]{8,64}$/ },
    { name: 'accessToken', secret: true, form: /^[\x21-\x7e]{8,255}$/ },
    { name: 'refreshToken', secret: true, standard: '', form: /^[\x21-\x7e]{0,255}$/ },
  ],
  capabilities: ['pullOrders', 'getOrder', 'pushTracking', 'setStock', 'issueWaybill', 'listGoods'],
  numbers: 'MASKED',
  stock: 'ABSOLUTE',
  rate: { burst: 20, perSecond: 20 },
  // Pages of one window may hold 10,000 orders at most: an hour of a very busy shop.
  pull: { everySeconds: 300, overlapSeconds: 300, longestWindowSeconds: 3_600, lagSeconds: 0, firstDays: 30 },
  renew,
  open: (context): Client => ({
    check: async () => {
      await callDouyin(context, 'order.searchList', search({ from: seconds(context.now()) - 60, to: seconds(context.now()) }, 0, 1));
      return { shopName: context.account.shopDomain ?? context.account.settings['appKey'] ?? '', apiVersion: '2' };
    },
    pullOrders: (window, page) => pullOrders(context, window, page),
    getOrder: async (externalOrderId) => {
      const order = await orderOf(context, externalOrderId);
      return order && pulled(order);
    },
    pushTracking: (parcel) => pushTracking(context, parcel),
    setStock: (levels) => setStock(context, levels),
    issueWaybill: (waybill) => issueWaybill(context, waybill),
    listGoods: (page, since = null) => listGoods(context, page, since),
  }),
};

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const search = ({ from, to }: { readonly from: number; readonly to: number }, page: number, size: number) =>
  ({ update_time_start: from, update_time_end: to, page, size, order_by: 'update_time', order_asc: true });

/**
 * Oldest change first, and each page begins at the second in which the one before ended. By page numbers an order that
 * changes meanwhile would leave the window, and the next page would skip one. Only a second with more orders than a page
 * holds is read by numbers.
 */
async function pullOrders(context: ClientContext, window: Window, page: string | null): Promise<OrderPage> {
  const [from, number] = page === null ? [seconds(window.from), 0] : page.split(':').map(Number) as [number, number];
  const { shop_order_list: orders = [] } = await callDouyin<{ shop_order_list?: readonly Order[] }>(context, 'order.searchList', search({ from, to: seconds(window.to) }, number, PAGE));
  const last = Number(orders.at(-1)?.update_time ?? from);
  return { orders: orders.map(pulled), next: orders.length < PAGE ? null : last > from ? `${last}:0` : `${from}:${number + 1}` };
}

function pulled(order: Order): PulledOrder {
  const updatedAt = new Date(Number(order.update_time) * 1000);
  if (!/^\d+$/.test(order.order_id) || Number.isNaN(updatedAt.getTime())) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: order.order_id, updatedAt, body: JSON.stringify(order) };
}

async function orderOf(context: ClientContext, externalOrderId: string): Promise<Order | null> {
  const told = await unlessGone(callDouyin<{ shop_order_detail?: Order }>(context, 'order.orderDetail', { shop_order_id: externalOrderId }), 'isv.order-not-exist');
  return told?.shop_order_detail ?? null;
}

async function pushTracking(context: ClientContext, { externalOrderId, trackingNumber, carrier, lines }: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  // Looked for first: what the platform says to a number it has already is not one code but many.
  const order = await orderOf(context, externalOrderId);
  if (order === null) throw new PlatformError('NOT_FOUND');
  if (order.logistics_info?.some(({ tracking_no: number }) => number === trackingNumber) === true) return 'ALREADY_THERE';
  const parcel = { order_id: externalOrderId, company_code: carrierCode(CARRIERS, carrier, carrier.toLowerCase()), logistics_code: trackingNumber };
  if (lines === null) await callDouyin(context, 'order.logisticsAdd', parcel, false);
  else await callDouyin(context, 'order.logisticsAddSinglePack', { ...parcel, shipped_order_info: lines.map(({ externalLineId, quantity }) => ({ shipped_order_id: externalLineId, shipped_num: quantity })) }, false);
  return 'WRITTEN';
}

async function setStock(context: ClientContext, levels: readonly StockToSet[]): Promise<readonly StockSet[]> {
  const results: StockSet[] = [];
  for (const { externalSku, quantity } of levels) {
    try {
      // Absolute, under a key of its own: the same figure sent again changes nothing.
      await callDouyin(context, 'sku.syncStock', { code: externalSku, incremental: false, stock_num: quantity, idempotent_id: `${externalSku}:${quantity}:${seconds(context.now())}` });
      results.push({ externalSku, result: 'SET' });
    } catch (error) {
      if (!(error instanceof PlatformError) || error.details.platformCode?.includes('isv.sku-not-exist') !== true) throw error;
      results.push({ externalSku, result: 'UNKNOWN_SKU' });
    }
  }
  return results;
}

/** An access token lives a week; its refresh token is good once, for two. */
async function renew(context: ClientContext): Promise<Renewed> {
  const { refreshToken = '' } = context.account.secrets;
  const { access_token: accessToken = '', refresh_token: next = '', expires_in: lives = '0', shop_id: shop } = await callDouyin<{ access_token?: string; refresh_token?: string; expires_in?: string; shop_id?: string }>(
    context, 'token.refresh', { grant_type: 'refresh_token', refresh_token: refreshToken }, false);
  mustOpen(context.account, shop);
  if (accessToken === '' || next === '' || !/^\d{1,9}$/.test(lives)) throw new PlatformError('ANSWER_INVALID');
  return { secrets: { accessToken, refreshToken: next }, expiresAt: new Date(context.now().getTime() + Number(lives) * 1000) };
}
