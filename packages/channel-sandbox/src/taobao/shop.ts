import type { SandboxResponse } from '../server/sandbox.js';
import { ok, refuse } from './answer.js';
import { TaobaoGoods } from './goods.js';
import { oaidOf, tradeText, type TradeInput } from './trade.js';
import { sealedPrint, WaybillStore } from '../waybill-store.js';

interface CloudPrint {
  readonly cp_code?: string; readonly sender?: { readonly name?: string; readonly address?: { readonly detail?: string } };
  readonly trade_order_info_dtos?: readonly { readonly object_id?: string; readonly template_url?: string; readonly order_info?: { readonly order_channels_type?: string; readonly trade_order_list?: readonly string[] }; readonly package_info?: { readonly id?: string }; readonly recipient?: { readonly oaid?: string } }[];
}
interface Offer { readonly sku: string; readonly numIid: string; readonly skuId: string; quantity: number }

/** A seller with trades and offers. Ids are texts of digits, longer than a float holds, and stand in answers as numbers. */
export class TaobaoShop {
  /** So many of the next calls are refused for being too many. */
  throttled = 0;
  /** Called between two pages of a listing: something changes while it is read. */
  betweenPages: (() => void) | null = null;
  readonly #trades = new Map<string, TradeInput>();
  readonly #inParts = new Set<string>();
  readonly #parcels = new Map<string, string[]>();
  readonly #offers: Offer[] = [];
  readonly numbers = new WaybillStore('TB');
  readonly goods = new TaobaoGoods();

  constructor(readonly appKey: string, readonly appSecret: string, public session: string, readonly nick = 'sandbox_seller') {}

  put(trade: TradeInput): void { this.#trades.set(trade.tid, trade); }
  parcelsOf(tid: string): readonly string[] { return this.#parcels.get(tid) ?? []; }
  offer(sku: string, quantity: number): void { this.#offers.push({ sku, numIid: `68${1_000_000_000_000_000 + this.#offers.length}`, skuId: `51${1_000_000_000_000_000 + this.#offers.length}`, quantity }); }
  quantitiesOf(sku: string): number[] { return this.#offers.filter((offer) => offer.sku === sku).map(({ quantity }) => quantity); }

  call(method: string, form: Readonly<Record<string, string>>): SandboxResponse {
    switch (method) {
      case 'taobao.user.seller.get': return ok('user_seller_get_response', `{"user":{"nick":"${this.nick}"}}`);
      case 'taobao.trades.sold.increment.get': return this.#changed(form);
      case 'taobao.trade.fullinfo.get': {
        const trade = this.#trades.get(form['tid'] ?? '');
        return trade === undefined ? refuse('15', 'Remote service error', 'isv.trade-not-exist') : ok('trade_fullinfo_get_response', `{"trade":${tradeText({ ...trade, status: this.#statusOf(trade) })}}`);
      }
      case 'cainiao.cloudprint.stdtemplates.get': return ok('cainiao_cloudprint_stdtemplates_get_response', `{"result":{"success":true,"datas":{"standard_template_result":[${['SF', 'ZTO', 'YTO'].map((code) => `{"cp_code":"${code}","standard_templates":{"standard_template_do":[{"standard_template_id":301,"standard_template_url":"http://cloudprint.cainiao.com/template/standard/301/1"}]}}`).join(',')}]}}}`);
      case 'cainiao.waybill.ii.get': return this.#number(form);
      case 'taobao.logistics.offline.send': return this.#send(form);
      case 'taobao.skus.custom.get': {
        const found = this.#offers.filter(({ sku }) => sku === form['outer_id']);
        return ok('skus_custom_get_response', found.length === 0 ? '{}' : `{"skus":{"sku":[${found.map(({ numIid, skuId }) => `{"num_iid":${numIid},"sku_id":${skuId}}`).join(',')}]}}`);
      }
      case 'taobao.skus.quantity.update': return this.#setQuantity(form);
      default: return this.goods.call(method, form) ?? refuse('22', 'Invalid method', 'isv.invalid-method');
    }
  }

  /** Newest change first, as the real one: what changes while somebody pages forward is skipped by them. */
  #changed(form: Readonly<Record<string, string>>): SandboxResponse {
    const { start_modified: from = '', end_modified: to = '', page_no: page = '1', page_size: size = '40', use_has_next: hasNextOnly } = form;
    if (Date.parse(to.replace(' ', 'T')) - Date.parse(from.replace(' ', 'T')) > 86_400_000) return refuse('41', 'Invalid arguments', 'isv.invalid-parameter:start_modified');
    if (Number(size) > 100) return refuse('41', 'Invalid arguments', 'isv.invalid-parameter:page_size');
    const all = [...this.#trades.values()].filter(({ modified }) => modified >= from && modified <= to).sort((a, b) => (a.modified < b.modified ? 1 : -1));
    const start = (Number(page) - 1) * Number(size);
    const shown = all.slice(start, start + Number(size)).map(({ tid, modified }) => `{"tid":${tid},"modified":"${modified}"}`);
    if (Number(size) > 1) this.betweenPages?.();
    const count = hasNextOnly === 'true' ? `"has_next":${start + Number(size) < all.length}` : `"total_results":${all.length}`;
    return ok('trades_sold_increment_get_response', `{${count}${shown.length === 0 ? '' : `,"trades":{"trade":[${shown.join(',')}]}`}}`);
  }

  #send({ tid = '', out_sid: number = '', company_code: company = '', is_split: split = '0' }: Readonly<Record<string, string>>): SandboxResponse {
    const trade = this.#trades.get(tid);
    if (trade === undefined) return refuse('15', 'Remote service error', 'isv.trade-not-exist');
    if (!/^(SF|ZTO|YTO|STO|YUNDA|EMS|DBKD|OTHER)$/.test(company)) return refuse('15', 'Remote service error', 'isv.logistics-offline-service-error:CD05');
    if (this.parcelsOf(tid).includes(number) || trade.status === 'WAIT_BUYER_CONFIRM_GOODS') return refuse('15', 'Remote service error', 'isv.logistics-offline-service-error:CD26');
    this.#parcels.set(tid, [...this.parcelsOf(tid), number]);
    if (split === '1') this.#inParts.add(tid);
    else this.#inParts.delete(tid);
    return ok('logistics_offline_send_response', '{"shipping":{"is_success":true}}');
  }

  #statusOf({ tid, status }: TradeInput): string {
    if (status !== 'WAIT_SELLER_SEND_GOODS' || this.parcelsOf(tid).length === 0) return status;
    return this.#inParts.has(tid) ? 'SELLER_CONSIGNED_PART' : 'WAIT_BUYER_CONFIRM_GOODS';
  }

  /** Cainiao's number for a trade of this seller; whom it goes to the OAID says, and nobody else may. */
  #number({ param_waybill_cloud_print_apply_new_request: text = '{}' }: Readonly<Record<string, string>>): SandboxResponse {
    const { cp_code: company = '', sender, trade_order_info_dtos: [info] = [] } = JSON.parse(text) as CloudPrint;
    const trade = this.#trades.get(info?.order_info?.trade_order_list?.[0] ?? '');
    if (trade === undefined || info?.order_info?.order_channels_type !== 'TB') return refuse('15', 'Remote service error', 'isv.trade-not-exist');
    if (!sender?.name || !sender.address?.detail || !info.template_url || !info.object_id || !info.package_info?.id) return refuse('41', 'Invalid arguments', 'isv.invalid-parameter');
    if (info.recipient?.oaid !== oaidOf(trade.tid)) return refuse('15', 'Remote service error', 'isv.oaid-invalid');
    const given = this.numbers.give(info.package_info.id, company, `oaid:${info.recipient.oaid}`);
    if (given === null) return refuse('15', 'Remote service error', 'isv.package-repeated');
    return ok('cainiao_waybill_ii_get_response', `{"modules":{"waybill_cloud_print_response":[{"object_id":${JSON.stringify(info.object_id)},"waybill_code":"${given.number}","print_data":${JSON.stringify(sealedPrint(given.number, given.receiver))}}]}}`);
  }

  #setQuantity({ num_iid: numIid, skuid_quantities: text = '', type }: Readonly<Record<string, string>>): SandboxResponse {
    for (const pair of text.split(';')) {
      const [skuId, quantity] = pair.split(':');
      const offer = this.#offers.find((one) => one.numIid === numIid && one.skuId === skuId);
      if (offer === undefined) return refuse('15', 'Remote service error', 'isv.item-quantity-sku-not-exist');
      offer.quantity = type === '2' ? offer.quantity + Number(quantity) : Number(quantity);
    }
    return ok('skus_quantity_update_response', '{"item":{}}');
  }
}
