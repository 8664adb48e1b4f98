import { GoodsList, type ListedGoods } from '../goods-list.js';
import type { SandboxResponse } from '../server/sandbox.js';
import { ok, refuse } from './answer.js';

type Parameters = Readonly<Record<string, unknown>>;
const beijing = (at: Date): string => new Date(at.getTime() + 28_800_000).toISOString().slice(0, 19).replace('T', ' ');
const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** What a shop sells: a list that tells little, by cursor, and each product as a whole. */
export class DouyinGoods {
  readonly list = new GoodsList((n) => `36${20_000_000_000_000_000n + BigInt(n)}`, (n, at) => `17${30_000_000_000_000_000n + BigInt(1000 * n + at)}`);

  call(method: string, parameters: Parameters): SandboxResponse | null {
    if (method === 'product.listV2') return this.#page(parameters);
    if (method !== 'product.detail') return null;
    const found = this.list.find(parameters['product_id']);
    return found === undefined ? refuse(50002, 'isv.product-not-exist:1') : ok(detailText(found));
  }

  /** A cursor stands behind the product that was told last, and knows the filter that it was given for. What was deleted is told as such. */
  #page({ page, size = 20, use_cursor: byCursor, cursor_id: cursor, update_start_time: from = 0, update_end_time: to = 32_503_680_000 }: Parameters): SandboxResponse {
    if (Number(size) < 1 || Number(size) > 100 || typeof page !== 'number' || page < 1 || page > 100) return refuse(40004, 'isv.parameter-invalid:3');
    const filter = Buffer.from(`${String(from)}-${String(to)}`).toString('base64url');
    const [known, behind = '-1'] = typeof cursor === 'string' ? Buffer.from(cursor, 'base64').toString().split('|') : [];
    if (known !== undefined && known !== filter) return refuse(40004, 'isv.parameter-invalid:cursor_id');
    const all = [...this.list.all, ...this.list.ended].filter(({ updatedAt }) => seconds(updatedAt) > Number(from) && seconds(updatedAt) < Number(to)).sort((a, b) => a.n - b.n);
    const found = byCursor === true ? all.filter(({ n }) => n > Number(behind)).slice(0, Number(size)) : all.slice((page - 1) * Number(size), page * Number(size));
    this.list.betweenPages?.();
    const next = Buffer.from(`${filter}|${found.at(-1)?.n ?? behind}`).toString('base64');
    return ok(`{"page":${page},"size":${Number(size)},"total":${all.length},"cursor_id":"${next}","data":[${found.map((one) => `{"product_id":${one.id},"product_id_str":"${one.id}","status":${this.list.ended.includes(one) ? 2 : one.onSale ? 0 : 1},"check_status":3,"name":"${one.title}","update_time":${seconds(one.updatedAt)}}`).join(',')}]}`);
  }
}

/** Ids beyond 2^53, and what a SKU is chosen by as ids of what the product offers. */
function detailText({ id, title, updatedAt, onSale, garbled, skus }: ListedGoods): string {
  const names = [...new Set(skus.flatMap(({ options }) => options.map(([name]) => name)))];
  const values = names.map((name) => [...new Set(skus.flatMap(({ options }) => options.filter(([one]) => one === name).map(([, value]) => value)))]);
  const idOf = (at: number, value: string): string => `18${25_226_749_200_000n + BigInt(at * 1000 + values[at]!.indexOf(value))}`;
  const specs = names.map((name, at) => `{"id":${at + 1},"name":"${name}","values":[${values[at]!.map((value) => `{"id":${idOf(at, value)},"name":"${value}"}`).join(',')}]}`);
  const prices = skus.map((sku) => `{"sku_id":${sku.id},"code":"${sku.code}","out_sku_id":0,"outer_sku_id":"","price":${sku.price},"stock_num":${sku.units},"spec_detail_ids":[${sku.options.map(([, value], at) => idOf(at, value)).join(',')}]}`);
  return `{"product_id":${id},"product_id_str":"${id}","name":"${title}","description":"<img src=\\"https://img.example.com/${id}.jpg\\">","status":${onSale ? 0 : 1},"check_status":3,"market_price":2990,"discount_price":1990,` +
    `"create_time":"2026-02-01 10:00:00","update_time":"${beijing(updatedAt)}","pic":["https://img.example.com/${id}.jpg"],"category_detail":{"first_cname":"家居","second_cname":"杯","third_cname":"","fourth_cname":""},` +
    `"specs":[${specs.join(',')}],"spec_prices":${garbled ? '"many"' : `[${prices.join(',')}]`}}`;
}
