import { createHash } from 'node:crypto';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import { LINES, PAID, POSTAGE, ShopStore, type StoredOrder } from '../shop-store.js';
import { sealedPrint, WaybillStore } from '../waybill-store.js';
import { answer, refuse } from './answer.js';
import { PinduoduoGoods } from './goods.js';

type Form = Readonly<Record<string, string>>;
const beijing = (at: Date): string => new Date(at.getTime() + 28_800_000).toISOString().replace('T', ' ').slice(0, 19);
const yuan = (fen: number): string => (fen / 100).toFixed(2);
const CARRIERS = new Set(['44', '115', '85', '1', '121', '118', '131']);

/** A shop of Pinduoduo. */
export class PinduoduoShop {
  readonly store = new ShopStore();
  readonly numbers = new WaybillStore('PD');
  readonly goods = new PinduoduoGoods();

  constructor(readonly clientId: string, readonly clientSecret: string, public accessToken: string) {}

  answer(request: SandboxRequest, now: number): SandboxResponse {
    const form = Object.fromEntries(new URLSearchParams(request.body.toString())) as Form;
    if (request.path !== '/api/router' || 'sign_method' in form) return refuse(10000, '参数错误');
    const text = Object.keys(form).filter((name) => name !== 'sign').sort().reduce((joined, name) => joined + name + form[name]!, '');
    if (createHash('md5').update(this.clientSecret + text + this.clientSecret).digest('hex').toUpperCase() !== form['sign']) return refuse(20004, '签名sign校验失败');
    if (Math.abs(Number(form['timestamp']) * 1000 - now) > 600_000) return refuse(20005, 'timestamp错误');
    if (form['access_token'] !== this.accessToken) return refuse(10019, 'access_token已过期');
    return this.#call(form['type'] ?? '', form, now);
  }

  #call(type: string, form: Form, now: number): SandboxResponse {
    switch (type) {
      case 'pdd.mall.info.get': return answer('{"mall_info_get_response":{"mall_id":600000001,"mall_name":"沙盒店"}}');
      case 'pdd.order.number.list.increment.get': return this.#changed(form, now);
      case 'pdd.order.information.get': {
        const order = this.store.orders.get(form['order_sn'] ?? '');
        return order === undefined ? refuse(50001, '订单不存在', '30001') : answer(`{"order_info_get_response":{"order_info":${orderText(order)}}}`);
      }
      case 'pdd.logistics.online.send': case 'pdd.order.upload.extra.logistics': return this.#ship(type, form);
      case 'pdd.goods.detail.get': return this.goods.detail(form);
      case 'pdd.goods.list.get': {
        if (form['outer_id'] === undefined) return this.goods.page(form);
        const goods = this.store.goodsOf(({ sku }) => sku === form['outer_id']);
        return answer(`{"goods_list_get_response":{"total_count":${goods === undefined ? 0 : 1},"goods_list":[${goods === undefined ? '' : `{"goods_id":${goods.goodsId},"sku_list":[{"sku_id":${goods.skuId},"outer_id":"${goods.sku}","sku_quantity":${goods.units}}]}`}]}}`);
      }
      case 'pdd.goods.quantity.update': {
        const goods = this.store.goodsOf(({ goodsId, skuId }) => goodsId === form['goods_id'] && skuId === form['sku_id']);
        if (goods === undefined) return refuse(50001, '商品不存在');
        goods.units = form['update_type'] === '2' ? goods.units + Number(form['quantity']) : Number(form['quantity']);
        return answer('{"goods_quantity_update_response":{"is_success":true}}');
      }
      case 'pdd.cloudprint.stdtemplates.get': return answer(`{"pdd_cloudprint_stdtemplates_get_response":{"result":{"datas":[{"wp_code":"${form['wp_code']}","standard_templates":[{"standard_template_id":2,"standard_template_url":"https://pos-file.pinduoduo.com/template/2"}]}]}}}`);
      case 'pdd.waybill.get': return this.#number(form);
      default: return refuse(10002, 'type错误');
    }
  }

  /** Newest change first, and refused where the window reaches into the last three minutes. */
  #changed(form: Form, now: number): SandboxResponse {
    const [from, to] = [Number(form['start_updated_at']) * 1000, Number(form['end_updated_at']) * 1000];
    if (to - from > 1_800_000 || now - to < 180_000) return refuse(10000, '时间参数错误');
    const [page, size] = [Number(form['page'] ?? '1'), Number(form['page_size'] ?? '100')];
    const all = this.store.changed(new Date(from), new Date(to)).reverse();
    const shown = all.slice((page - 1) * size, page * size);
    if (form['use_has_next'] === 'true') this.store.betweenPages?.();
    const list = shown.map(({ id, updatedAt }) => `{"order_sn":"${id}","updated_at":"${beijing(updatedAt)}"}`);
    return answer(`{"order_sn_increment_get_response":{${form['use_has_next'] === 'true' ? `"has_next":${page * size < all.length}` : `"total_count":${all.length}`},"order_sn_list":[${list.join(',')}]}}`);
  }

  #number({ param_waybill_cloud_print_apply_new_request: text = '{}' }: Form): SandboxResponse {
    const { wp_code: company = '', sender, trade_order_info_dtos: [info] = [] } = JSON.parse(text) as { wp_code?: string; sender?: { name?: string }; trade_order_info_dtos?: { object_id?: string; template_url?: string; order_info?: { order_channels_type?: string; trade_order_list?: string[] }; package_info?: { id?: string } }[] };
    const order = this.store.orders.get(info?.order_info?.trade_order_list?.[0] ?? '');
    if (order === undefined) return refuse(50001, '订单不存在', '30001');
    if (!sender?.name || !info?.template_url || !info.package_info?.id || info.order_info?.order_channels_type !== 'PDD' || company === '') return refuse(10000, '参数错误');
    const given = this.numbers.give(info.package_info.id, company, `order:${order.id}`);
    return given === null ? refuse(50001, '面单已获取') : answer(`{"pdd_waybill_get_response":{"modules":[{"object_id":"${info.object_id}","waybill_code":"${given.number}","print_data":${JSON.stringify(sealedPrint(given.number, given.receiver))}}]}}`);
  }

  #ship(type: string, form: Form): SandboxResponse {
    const order = this.store.orders.get(form['order_sn'] ?? '');
    if (order === undefined) return refuse(50001, '订单不存在', '30001');
    if (!CARRIERS.has(form['logistics_id'] ?? '')) return refuse(50001, '快递公司不存在');
    if (type === 'pdd.logistics.online.send' && order.parcels.length > 0 && form['redelivery_type'] !== '2') return refuse(50001, '订单已发货');
    order.parcels.push({ number: form['tracking_number'] ?? '', carrier: form['logistics_id'] ?? '' });
    return answer(`{"${type === 'pdd.logistics.online.send' ? 'logistics_online_send_response' : 'order_upload_extra_logistics_response'}":{"is_success":true}}`);
  }
}

function orderText(order: StoredOrder): string {
  const lines = LINES.map((line, at) => `{"goods_id":36810000${at},"sku_id":17100000000000000${at},"outer_id":"${line.sku}","goods_name":"${line.title}","goods_count":${line.quantity},"goods_price":${yuan(line.price)}}`);
  const [first, ...extra] = order.parcels;
  return `{"order_sn":"${order.id}","order_status":${first === undefined ? 1 : 2},"refund_status":1,"after_sales_status":0,"created_time":"${beijing(order.createdAt)}","confirm_time":"${beijing(order.createdAt)}","updated_at":"${beijing(order.updatedAt)}",` +
    `"goods_amount":87.30,"pay_amount":${yuan(PAID)},"order_amount":${yuan(PAID)},"discount_amount":9.80,"postage":${yuan(POSTAGE)},"receiver_name_mask":"张*","province":"浙江省","city":"杭州市","town":"西湖区","address_mask":"***","risk_control_status":0,"buyer_memo":"请周末送达","remark":"",` +
    `"tracking_number":"${first?.number ?? ''}","logistics_id":${first?.carrier ?? 0},"extra_delivery_list":[${extra.map(({ number, carrier }) => `{"tracking_number":"${number}","logistics_id":${carrier}}`).join(',')}],"item_list":[${lines.join(',')}]}`;
}

export const pinduoduoSandbox = (shop: PinduoduoShop, now: () => number = Date.now): SandboxPlatform =>
  ({ name: 'pinduoduo', owns: (host) => host === 'gw-api.pinduoduo.com', answer: (request) => shop.answer(request, now()) });
export const PINDUODUO_THROTTLED = refuse(70031, '调用过于频繁，请调整调用频率');
