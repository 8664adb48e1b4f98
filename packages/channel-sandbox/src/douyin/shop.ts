import { createHmac } from 'node:crypto';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import { LINES, PAID, POSTAGE, ShopStore, type StoredOrder } from '../shop-store.js';
import { sealedPrint, WaybillStore } from '../waybill-store.js';
import { ok, refuse } from './answer.js';
import { DouyinGoods } from './goods.js';

/** How the receiver of every order stands in it: name, phone, street. */
export const CIPHERS = ['##FAKE-name##1##', '$FAKECIPHER$1$', '##FAKE-street##1##'] as const;
interface CreateOrder {
  readonly logistics_code?: string; readonly sender_info?: { readonly contact?: { readonly mobile?: string } };
  readonly order_infos?: readonly { readonly order_id?: string; readonly pack_id?: string; readonly receiver_info?: { readonly contact?: { readonly name?: string; readonly mobile?: string }; readonly address?: { readonly detail_address?: string } } }[];
}
type Parameters = Readonly<Record<string, never>>;
const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** The same JSON with the keys of every level sorted: how the text that is signed must look. */
const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.map(sorted)
  : typeof value === 'object' && value !== null ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted((value as Record<string, unknown>)[key])])) : value);

/** A shop of Douyin, with tokens that live a week. */
export class DouyinShop {
  readonly store = new ShopStore();
  readonly numbers = new WaybillStore('DY');
  readonly goods = new DouyinGoods();
  accessToken = 'FAKE_access_0';
  refreshToken = 'FAKE_refresh_0';
  #given = 0;

  constructor(readonly appKey: string, readonly appSecret: string) {}

  answer({ method: verb, path, query, body }: SandboxRequest, now: number): SandboxResponse {
    const text = body.toString();
    const [method, timestamp] = [query.get('method') ?? '', query.get('timestamp') ?? ''];
    if (verb !== 'POST' || path !== `/${method.split('.').join('/')}`) return refuse(30001, 'isv.method-not-exist');
    if (query.get('app_key') !== this.appKey) return refuse(30001, 'isv.app-key-invalid:1');
    if (Math.abs(Number(timestamp) * 1000 - now) > 600_000) return refuse(40003, 'isv.timestamp-invalid:1');
    const plain = `${this.appSecret}app_key${this.appKey}method${method}param_json${text}timestamp${timestamp}v${query.get('v')}${this.appSecret}`;
    if (query.get('sign_method') !== 'hmac-sha256' || query.get('sign') !== createHmac('sha256', this.appSecret).update(plain, 'utf8').digest('hex')) return refuse(30001, 'isv.sign-invalid:1');
    const parameters = JSON.parse(text) as Parameters;
    if (JSON.stringify(sorted(parameters)) !== text) return refuse(30001, 'isv.sign-invalid:2');
    if (method === 'token.refresh') return this.#refresh(parameters);
    if (query.get('access_token') !== this.accessToken) return refuse(30002, 'isv.access-token-expired:1');
    return this.#call(method, parameters);
  }

  #refresh({ grant_type: type, refresh_token: token }: Readonly<Record<string, string>>): SandboxResponse {
    if (type !== 'refresh_token' || token !== this.refreshToken) return refuse(30003, 'isv.refresh-token-invalid:1');
    this.#given += 1;
    // Each refresh token is good once.
    this.refreshToken = `FAKE_refresh_${this.#given}`;
    this.accessToken = `FAKE_access_${this.#given}`;
    return ok(JSON.stringify({ access_token: this.accessToken, expires_in: 604_800, refresh_token: this.refreshToken, shop_id: 77977, shop_name: 'Sandbox shop' }));
  }

  #call(method: string, parameters: Readonly<Record<string, unknown>>): SandboxResponse {
    switch (method) {
      case 'order.searchList': return this.#search(parameters as Readonly<Record<string, number>>);
      case 'order.orderDetail': {
        const order = this.store.orders.get(String(parameters['shop_order_id']));
        return order === undefined ? refuse(50002, 'isv.order-not-exist:1') : ok(`{"shop_order_detail":${orderText(order)}}`);
      }
      case 'order.logisticsAdd': case 'order.logisticsAddSinglePack': return this.#ship(parameters as Readonly<Record<string, string>>);
      case 'sku.syncStock': {
        const goods = this.store.goodsOf(({ sku }) => sku === parameters['code']);
        if (goods === undefined) return refuse(50002, 'isv.sku-not-exist:1');
        if (!parameters['idempotent_id']) return refuse(40004, 'isv.parameter-invalid:1');
        goods.units = parameters['incremental'] === true ? goods.units + Number(parameters['stock_num']) : Number(parameters['stock_num']);
        return ok('{}');
      }
      case 'logistics.newCreateOrder': return this.#number(parameters as unknown as CreateOrder);
      case 'logistics.waybillApply': {
        const [{ track_no: number = '' } = {}] = parameters['waybill_applies'] as readonly { readonly track_no?: string }[];
        const given = [...this.numbers.given.values()].find((one) => one.number === number);
        return given === undefined ? refuse(50002, 'isv.track-no-invalid:1') : ok(JSON.stringify({ waybill_infos: [{ track_no: number, print_data: sealedPrint(number, given.receiver), sign: 'FAKE-print-sign' }], err_infos: [] }));
      }
      default: return this.goods.call(method, parameters) ?? refuse(30001, 'isv.method-not-exist');
    }
  }

  /** Whom a parcel goes to only the ciphertexts of its order say. */
  #number({ logistics_code: company = '', sender_info: sender, order_infos: [info] = [] }: CreateOrder): SandboxResponse {
    const failed = (code: string): SandboxResponse => ok(JSON.stringify({ ebill_infos: [], err_infos: [{ order_id: info?.order_id ?? '', err_code: code, err_msg: 'refused' }] }));
    const [name, phone, street] = CIPHERS;
    if (this.store.orders.get(info?.order_id ?? '') === undefined || !info?.pack_id || !sender?.contact?.mobile) return failed('100001');
    const { contact, address } = info.receiver_info ?? {};
    if (contact?.name !== name || contact.mobile !== phone || address?.detail_address !== street) return failed('100002');
    const given = this.numbers.give(info.pack_id, company, contact.mobile);
    return given === null ? failed('100003') : ok(JSON.stringify({ ebill_infos: [{ order_id: info.order_id, pack_id: info.pack_id, track_no: given.number, sort_code: '571-A', package_center_name: '杭州' }], err_infos: [] }));
  }

  #search({ update_time_start: from = 0, update_time_end: to = 0, page = 0, size = 20 }: Readonly<Record<string, number>>): SandboxResponse {
    if (size > 100 || page * size > 10_000 || to - from > 90 * 86_400) return refuse(40004, 'isv.parameter-invalid:2');
    const all = this.store.changed(new Date(from * 1000), new Date(to * 1000));
    const shown = all.slice(page * size, (page + 1) * size);
    if (size > 1) this.store.betweenPages?.();
    return ok(`{"page":${page},"size":${size},"total":${all.length},"shop_order_list":[${shown.map(orderText).join(',')}]}`);
  }

  #ship({ order_id: id = '', company_code: company = '', logistics_code: number = '' }: Readonly<Record<string, string>>): SandboxResponse {
    const order = this.store.orders.get(id);
    if (order === undefined) return refuse(50002, 'isv.order-not-exist:1');
    if (!/^[a-z]{2,30}$/.test(company)) return refuse(40004, 'isv.company-code-invalid:1');
    if (order.parcels.some((parcel) => parcel.number === number)) return refuse(50002, 'isv.business-failed:1');
    order.parcels.push({ number, carrier: company });
    return ok('{"pack_id":"1"}');
  }
}

/** Ids beyond 2^53, some as numbers; people as masks and ciphertexts. */
function orderText(order: StoredOrder): string {
  const [created, updated, status] = [seconds(order.createdAt), seconds(order.updatedAt), order.parcels.length === 0 ? 2 : 3];
  const lines = LINES.map((line, at) => `{"order_id":"${order.id.slice(0, -1)}${at}","parent_order_id":"${order.id}","product_id":347319604997432630${at},"product_id_str":"347319604997432630${at}","sku_id":171000000000000000${at},` +
    `"code":"${line.sku}","out_sku_id":"","product_name":"${line.title}","item_num":${line.quantity},"origin_amount":${line.price},"sum_amount":${line.price * line.quantity},"pay_amount":${line.paid},"after_sale_info":{"after_sale_status":0,"refund_status":0}}`);
  const parcels = order.parcels.map(({ number, carrier }) => `{"tracking_no":"${number}","company":"${carrier}","ship_time":${updated}}`);
  return `{"shop_id":77977,"order_id":"${order.id}","order_status":${status},"main_status":${status},"order_amount":${PAID},"pay_amount":${PAID},"post_amount":${POSTAGE},"promotion_amount":980,"promotion_platform_amount":0,` +
    `"create_time":${created},"pay_time":${created + 100},"ship_time":0,"finish_time":0,"update_time":${updated},"buyer_words":"请周末送达","seller_words":"","open_id":"FAKEOPENID","doudian_open_id":"1@#FAKEOPENID==","mask_post_receiver":"张*","mask_post_tel":"1*********1",` +
    `"encrypt_post_receiver":"${CIPHERS[0]}","encrypt_post_tel":"${CIPHERS[1]}","post_addr":{"encrypt_detail":"${CIPHERS[2]}"},"mask_post_addr":{"province":{"name":"浙江省","id":"330000"},"city":{"name":"杭州市","id":"330100"},"town":{"name":"西湖区","id":"330106"},"street":{"name":"**街道","id":"0"},"detail":"***"},` +
    `"logistics_info":[${parcels.join(',')}],"sku_order_list":[${lines.join(',')}]}`;
}

export const douyinSandbox = (shops: readonly DouyinShop[], now: () => number = Date.now): SandboxPlatform => ({
  name: 'douyin', owns: (host) => host === 'openapi-fxg.jinritemai.com',
  answer: (request) => (shops.find(({ appKey }) => appKey === request.query.get('app_key')) ?? shops[0]!).answer(request, now()),
});
