import { createHash } from 'node:crypto';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import { LINES, PAID, POSTAGE, ShopStore, type StoredOrder } from '../shop-store.js';
import { sealedPrint, WaybillStore } from '../waybill-store.js';
import { ok, refuse } from './answer.js';
import { XiaohongshuGoods } from './goods.js';


interface EbillOrders {
  readonly cpCode?: string; readonly sender?: { readonly mobile?: string };
  readonly tradeOrderInfoList?: readonly { readonly objectId?: string; readonly orderInfo?: { readonly xhsOrderId?: string }; readonly packageInfo?: { readonly id?: string }; readonly recipient?: { readonly openAddressId?: string } }[];
}

/** A shop of Xiaohongshu, behind ARK's one address. */
export class XiaohongshuShop {
  readonly store = new ShopStore();
  readonly numbers = new WaybillStore('XH');
  readonly goods = new XiaohongshuGoods();
  accessToken = 'FAKE-access-0';
  refreshToken = 'FAKE-refresh-0';
  #given = 0;

  constructor(readonly appId: string, readonly appSecret: string) {}

  answer(request: SandboxRequest, now: number): SandboxResponse {
    if (request.path !== '/ark/open_api/v3/common_controller') return { status: 404 };
    const call = JSON.parse(request.body.toString()) as Readonly<Record<string, string>>;
    const { method = '', appId, timestamp, version, sign, accessToken } = call;
    if (createHash('md5').update(`${method}?appId=${appId}&timestamp=${timestamp}&version=${version}${this.appSecret}`).digest('hex') !== sign || appId !== this.appId) return refuse(101, 'sign error');
    if (Math.abs(Number(timestamp) * 1000 - now) > 600_000) return refuse(103, 'timestamp error');
    if (method === 'oauth.refreshToken') return this.#refresh(call['refreshToken'] ?? '', now);
    if (accessToken !== this.accessToken) return refuse(102, 'accessToken expired');
    return this.#call(method, call);
  }

  #refresh(token: string, now: number): SandboxResponse {
    if (token !== this.refreshToken) return refuse(104, 'refreshToken invalid');
    this.#given += 1;
    this.accessToken = `FAKE-access-${this.#given}`;
    this.refreshToken = `FAKE-refresh-${this.#given}`;
    return ok({ accessToken: this.accessToken, accessTokenExpiresAt: now + 7 * 86_400_000, refreshToken: this.refreshToken, refreshTokenExpiresAt: now + 14 * 86_400_000, sellerId: '5f0000000000000000000001', sellerName: '沙盒店' });
  }

  #call(method: string, call: Readonly<Record<string, unknown>>): SandboxResponse {
    const goods = this.store.goodsOf(({ skuId }) => skuId === call['skuId']);
    switch (method) {
      case 'order.getOrderList': return this.#list(call as Readonly<Record<string, number>>);
      case 'order.getOrderDetail': {
        const order = this.store.orders.get(String(call['orderId']));
        return order === undefined ? refuse(-1, '订单不存在') : ok(orderOf(order));
      }
      case 'order.orderDeliver': return this.#deliver(call as Readonly<Record<string, string>>);
      // By no code of the shop's own: who asks so is told all.
      case 'product.getDetailSkuList': return this.goods.skus(call, this.store.goods);
      case 'inventory.getSkuStockV2': return goods === undefined ? refuse(-1, '商品不存在') : ok({ skuStockInfo: { available: goods.units, reserved: goods.held, total: goods.units + goods.held } });
      case 'inventory.incSkuStock': {
        if (goods === undefined) return refuse(-1, '商品不存在');
        goods.units += Number(call['qty']);
        return ok({});
      }
      case 'express.createEbillOrders': return this.#number(call as unknown as EbillOrders);
      default: return this.goods.call(method, call) ?? refuse(-1, 'method not found');
    }
  }

  #number({ cpCode = '', sender, tradeOrderInfoList: [info] = [] }: EbillOrders): SandboxResponse {
    const order = this.store.orders.get(info?.orderInfo?.xhsOrderId ?? '');
    if (order === undefined) return refuse(-1, '订单不存在');
    if (!sender?.mobile || !info?.packageInfo?.id || info.recipient?.openAddressId !== 'FAKEADDRESS') return refuse(-1, '参数错误');
    const given = this.numbers.give(info.packageInfo.id, cpCode, info.recipient.openAddressId);
    return given === null ? refuse(-1, '包裹重复') : ok({ wayBillList: [{ objectId: info.objectId, waybillCode: given.number, printData: sealedPrint(given.number, given.receiver) }] });
  }

  #list({ startTime = 0, endTime = 0, timeType, pageNo = 1, pageSize = 50 }: Readonly<Record<string, number>>): SandboxResponse {
    if (timeType !== 2 || endTime - startTime > 1800 || pageSize > 100 || pageNo > 100) return refuse(-1, '参数错误');
    const all = this.store.changed(new Date(startTime * 1000), new Date(endTime * 1000)).reverse();
    const orderList = all.slice((pageNo - 1) * pageSize, pageNo * pageSize).map(({ id, updatedAt }) => ({ orderId: id, orderStatus: 4, updateTime: updatedAt.getTime() }));
    if (pageSize > 1) this.store.betweenPages?.();
    return ok({ total: all.length, pageNo, pageSize, maxPageNo: Math.ceil(all.length / pageSize), orderList });
  }

  #deliver({ orderId = '', expressNo = '', expressCompanyCode = '' }: Readonly<Record<string, string>>): SandboxResponse {
    const order = this.store.orders.get(orderId);
    if (order === undefined) return refuse(-1, '订单不存在');
    if (!/^[a-z]{2,30}$/.test(expressCompanyCode)) return refuse(-1, '快递公司错误');
    if (order.parcels.length > 0) return refuse(-1, '订单状态错误');
    order.parcels.push({ number: expressNo, carrier: expressCompanyCode });
    return ok({});
  }
}

const orderOf = (order: StoredOrder): object => ({
  orderId: order.id, orderType: 1, orderStatus: order.parcels.length === 0 ? 4 : 6, orderAfterSalesStatus: 1, cancelStatus: 0,
  createdTime: order.createdAt.getTime(), paidTime: order.createdAt.getTime() + 60_000, updateTime: order.updatedAt.getTime(), deliveryTime: 0, finishTime: 0,
  totalPayAmount: PAID, totalShippingFree: POSTAGE, receiverProvinceName: '浙江省', receiverCityName: '杭州市', receiverDistrictName: '西湖区', openAddressId: 'FAKEADDRESS', userId: 'FAKEUSER', customerRemark: '请周末送达', sellerRemark: '',
  expressTrackingNo: order.parcels[0]?.number ?? '', expressCompanyCode: order.parcels[0]?.carrier ?? '', simpleDeliveryOrderList: order.parcels.map(({ number }) => ({ expressTrackingNo: number })),
  skuList: LINES.map((line, at) => ({
    skuId: `5f0000000000000000000${100 + at}`, skuName: line.title, erpcode: line.sku, skuQuantity: line.quantity, totalPaidAmount: line.paid,
    totalMerchantDiscount: line.price * line.quantity - line.paid, totalRedDiscount: 0, skuDetailList: [],
  })),
});

export const xiaohongshuSandbox = (shop: XiaohongshuShop, now: () => number = Date.now): SandboxPlatform =>
  ({ name: 'xiaohongshu', owns: (host) => host === 'ark.xiaohongshu.com', answer: (request) => shop.answer(request, now()) });
export const XIAOHONGSHU_THROTTLED = refuse(429, 'too many requests');
