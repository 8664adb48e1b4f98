import { PlatformError } from '../../outbound/platform-error.js';
import { carrierCode } from '../waybills/carrier-code.js';
import type { Client, ClientContext, Connector, OrderPage, Parcel, PulledOrder, Renewed, StockSet, StockToSet, Window } from '../connector.js';
import { mustOpen } from '../asking/own-shop.js';
import { ordersByIds, reversePage } from '../asking/reverse-pages.js';
import { unlessGone } from '../asking/unless-gone.js';
import { callArk } from './api.js';
import { listGoods } from './listing.js';
import { issueWaybill } from './waybill.js';

const PAGE = 50;
const CARRIERS: Readonly<Record<string, string>> = { SF: 'shunfeng', ZTO: 'zhongtong', YTO: 'yuantong', STO: 'shentong', YUNDA: 'yunda', EMS: 'ems', DEPPON: 'debangwuliu' };

/** Xiaohongshu through ARK. Its pushes tell of changes and are not signed as a whole; the orders themselves are read. */
export const xiaohongshuConnector: Connector = {
  fields: [
    { name: 'appId', secret: false, form: /^\w{8,64}$/ },
    { name: 'appSecret', secret: true, form: /^[\x21-\x7e]{8,64}$/ },
    { name: 'accessToken', secret: true, form: /^[\x21-\x7e]{8,255}$/ },
    { name: 'refreshToken', secret: true, standard: '', form: /^[\x21-\x7e]{0,255}$/ },
  ],
  capabilities: ['pullOrders', 'getOrder', 'pushTracking', 'setStock', 'issueWaybill', 'listGoods'],
  numbers: 'MASKED',
  // It sets totals, with what unpaid orders hold: only a change is a change of what can be sold.
  stock: 'DELTA',
  rate: { burst: 20, perSecond: 20 },
  pull: { everySeconds: 300, overlapSeconds: 300, longestWindowSeconds: 1_800, lagSeconds: 0, firstDays: 30 },
  renew,
  open: (context): Client => ({
    check: async () => {
      const now = Math.floor(context.now().getTime() / 1000);
      const { total } = await list(context, { from: now - 60, to: now }, 1, 1);
      if (total === undefined) throw new PlatformError('ANSWER_INVALID');
      return { shopName: context.account.shopDomain ?? context.account.settings['appId'] ?? '', apiVersion: 'v3' };
    },
    pullOrders: (window, page) => pullOrders(context, window, page),
    getOrder: (externalOrderId) => orderOf(context, externalOrderId),
    pushTracking: (parcel) => pushTracking(context, parcel),
    setStock: (levels) => setStock(context, levels),
    issueWaybill: (waybill) => issueWaybill(context, waybill),
    listGoods: (page, since = null) => listGoods(context, page, since),
  }),
};

interface OrderList { readonly total?: string; readonly maxPageNo?: string; readonly orderList?: readonly { readonly orderId: string }[] }
interface Order { readonly orderId: string; readonly updateTime: string; readonly expressTrackingNo?: string; readonly simpleDeliveryOrderList?: readonly { readonly expressTrackingNo?: string }[] }

const list = (context: ClientContext, { from, to }: { readonly from: number; readonly to: number }, pageNo: number, pageSize: number): Promise<OrderList> =>
  callArk<OrderList>(context, 'order.getOrderList', { startTime: from, endTime: to, timeType: 2, pageNo, pageSize });

function pullOrders(context: ClientContext, window: Window, page: string | null): Promise<OrderPage> {
  const seconds = { from: Math.floor(window.from.getTime() / 1000), to: Math.floor(window.to.getTime() / 1000) };
  return reversePage(page, {
    count: async () => Number((await list(context, seconds, 1, PAGE)).maxPageNo ?? '0'),
    ordersOf: async (number) => {
      const { orderList = [] } = await list(context, seconds, number, PAGE);
      return ordersByIds(orderList.map(({ orderId }) => orderId), (id) => orderOf(context, id));
    },
  });
}

const detailOf = (context: ClientContext, orderId: string): Promise<Order | null> => unlessGone(callArk<Order>(context, 'order.getOrderDetail', { orderId }));

async function orderOf(context: ClientContext, orderId: string): Promise<PulledOrder | null> {
  const order = await detailOf(context, orderId);
  if (order === null) return null;
  const updatedAt = new Date(Number(order.updateTime));
  if (Number.isNaN(updatedAt.getTime())) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: order.orderId, updatedAt, body: JSON.stringify(order) };
}

async function pushTracking(context: ClientContext, { externalOrderId, trackingNumber, carrier, lines }: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  const order = await detailOf(context, externalOrderId);
  if (order === null) throw new PlatformError('NOT_FOUND');
  if ([order, ...(order.simpleDeliveryOrderList ?? [])].some(({ expressTrackingNo }) => expressTrackingNo === trackingNumber)) return 'ALREADY_THERE';
  await callArk(context, 'order.orderDeliver', {
    orderId: externalOrderId, expressNo: trackingNumber, expressCompanyCode: carrierCode(CARRIERS, carrier, carrier.toLowerCase()), deliveringTime: context.now().getTime(),
    ...(lines !== null && { unpack: true, skuIdList: lines.map(({ externalLineId }) => externalLineId) }),
  }, false);
  return 'WRITTEN';
}

const SKUS = 100;
interface Listed { readonly data?: readonly { readonly sku?: { readonly id: string; readonly erpCode?: string } }[] }

/** The platform's ids by the shop's codes. It looks for no code of a shop's own: all SKUs are read, newest first, until those that are wanted are found. */
async function skuIdsOf(context: ClientContext, wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let pageNo = 1, more = true; more && found.size < wanted.size; pageNo += 1) {
    const { data = [] } = await callArk<Listed>(context, 'product.getDetailSkuList', { pageNo, pageSize: SKUS });
    for (const { sku } of data) if (sku?.erpCode !== undefined && wanted.has(sku.erpCode) && !found.has(sku.erpCode)) found.set(sku.erpCode, sku.id);
    more = data.length === SKUS;
  }
  return found;
}

async function setStock(context: ClientContext, levels: readonly StockToSet[]): Promise<readonly StockSet[]> {
  const ids = await skuIdsOf(context, new Set(levels.map(({ externalSku }) => externalSku)));
  const results: StockSet[] = [];
  for (const level of levels) results.push({ externalSku: level.externalSku, result: await setOne(context, level, ids.get(level.externalSku)) });
  return results;
}

async function setOne(context: ClientContext, { quantity, expected }: StockToSet, skuId: string | undefined): Promise<StockSet['result']> {
  if (skuId === undefined) return 'UNKNOWN_SKU';
  const { skuStockInfo } = await callArk<{ skuStockInfo?: { available?: string } }>(context, 'inventory.getSkuStockV2', { skuId });
  if (!/^-?\d{1,9}$/.test(skuStockInfo?.available ?? '')) throw new PlatformError('ANSWER_INVALID');
  const shown = Number(skuStockInfo!.available);
  if (expected !== null && shown !== expected) return 'CHANGED_MEANWHILE';
  // A change is not sent again when its answer got lost: the next try looks first.
  if (shown !== quantity) await callArk(context, 'inventory.incSkuStock', { skuId, qty: quantity - shown }, false);
  return 'SET';
}

/** Both tokens are new; the old refresh token is spent. */
async function renew(context: ClientContext): Promise<Renewed> {
  const { accessToken, refreshToken, accessTokenExpiresAt, sellerId } = await callArk<{ accessToken?: string; refreshToken?: string; accessTokenExpiresAt?: string; sellerId?: string }>(
    context, 'oauth.refreshToken', { refreshToken: context.account.secrets['refreshToken'] ?? '' }, false);
  mustOpen(context.account, sellerId);
  const expiresAt = new Date(Number(accessTokenExpiresAt));
  if (!accessToken || !refreshToken || Number.isNaN(expiresAt.getTime())) throw new PlatformError('ANSWER_INVALID');
  return { secrets: { accessToken, refreshToken }, expiresAt };
}
