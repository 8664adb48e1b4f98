import { GoodsList, type ListedGoods } from '../goods-list.js';
import type { SandboxResponse } from '../server/sandbox.js';
import { ok, refuse } from './answer.js';

type Form = Readonly<Record<string, string>>;
const beijing = (at: Date): string => new Date(at.getTime() + 28_800_000).toISOString().slice(0, 19).replace('T', ' ');
const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** A seller's items: those that sell in one list, those in the warehouse in others, by their banner. */
export class TaobaoGoods {
  readonly list = new GoodsList((n) => `68${2_000_000_000_000_000 + n}`, (n, at) => `51${3_000_000_000_000_000 + 1000 * n + at}`);

  call(method: string, form: Form): SandboxResponse | null {
    if (method === 'taobao.items.onsale.get') return this.#page(method, form, this.list.all.filter(({ onSale }) => onSale));
    if (method === 'taobao.items.inventory.get') return this.#page(method, form, this.list.all.filter((one) => inBanner(one, form['banner'] ?? 'for_shelved')));
    return method === 'taobao.items.seller.list.get' ? this.#details(form) : null;
  }

  #page(method: string, form: Form, all: readonly ListedGoods[]): SandboxResponse {
    const [page, size] = [Number(form['page_no'] ?? '1'), Number(form['page_size'] ?? '40')];
    if (size > 200 || page * size > 20_000) return refuse('41', 'Invalid arguments', 'isv.invalid-parameter:page_no');
    // These lists tell little: whoever asks for more is refused.
    if (!(form['fields'] ?? '').split(',').every((field) => /^(num_iid|title|modified|approve_status|price|num|outer_id)$/.test(field))) return refuse('41', 'Invalid arguments', 'isv.invalid-parameter:fields');
    const from = form['start_modified'] ?? '';
    const found = all.filter(({ updatedAt }) => beijing(updatedAt) >= from).sort((a, b) => (form['order_by'] === 'modified:asc' ? a.updatedAt.getTime() - b.updatedAt.getTime() : b.n - a.n));
    const shown = found.slice((page - 1) * size, page * size).map(({ id, updatedAt }) => `{"num_iid":${id},"modified":"${beijing(updatedAt)}"}`);
    this.list.betweenPages?.();
    return ok(`${method.slice('taobao.'.length).replaceAll('.', '_')}_response`, `{${shown.length === 0 ? '' : `"items":{"item":[${shown.join(',')}]},`}"total_results":${found.length}}`);
  }

  #details({ num_iids: ids = '', fields = '' }: Form): SandboxResponse {
    const asked = ids.split(',');
    if (asked.length > 20 || !fields.split(',').includes('num_iid')) return refuse('41', 'Invalid arguments', 'isv.invalid-parameter:num_iids');
    const found = asked.flatMap((one) => this.list.find(one) ?? []);
    return ok('items_seller_list_get_response', found.length === 0 ? '{}' : `{"items":{"item":[${found.map(itemText).join(',')}]}}`);
  }
}

const inBanner = ({ onSale, soldOut }: ListedGoods, banner: string): boolean => (banner === 'sold_out' ? soldOut : banner === 'for_shelved' && !onSale && !soldOut);

/** Ids as numbers beyond 2^53; what has no choices has no `skus`. */
function itemText({ id, title, updatedAt, onSale, garbled, skus }: ListedGoods): string {
  const [first] = skus;
  const choices = skus.filter(({ options }) => options.length > 0).map((sku) => `{"sku_id":${sku.id},"outer_id":"${sku.code}","price":"${yuan(sku.price)}","quantity":${sku.units},` +
    `"properties_name":"${sku.options.map(([name, value], at) => `162720${at}:28320:${name}:${value}`).join(';')}"}`);
  return `{"num_iid":${id},"title":"${title}","cid":50012345,"pic_url":"https://img.example.com/${id}.jpg","item_imgs":{"item_img":[{"id":1,"url":"https://img.example.com/${id}.jpg","position":0}]},` +
    `"price":"${yuan(first!.price)}","num":${first!.units},"outer_id":"${choices.length > 0 ? '' : first!.code}","approve_status":"${onSale ? 'onsale' : 'instock'}","modified":"${beijing(updatedAt)}"` +
    `${garbled ? ',"skus":{"sku":"many"}' : choices.length === 0 ? '' : `,"skus":{"sku":[${choices.join(',')}]}`}}`;
}
