import { GoodsList, type ListedGoods } from '../goods-list.js';
import type { SandboxResponse } from '../server/sandbox.js';
import { answer, refuse } from './answer.js';

type Form = Readonly<Record<string, string>>;

/** What a shop sells: a list without prices, and goods as a whole. */
export class PinduoduoGoods {
  readonly list = new GoodsList((n) => `36${50_000_000_000_000_000n + BigInt(n)}`, (n, at) => `17${60_000_000_000_000_000n + BigInt(1000 * n + at)}`);

  page(form: Form): SandboxResponse {
    const [page, size] = [Number(form['page'] ?? '1'), Number(form['page_size'] ?? '100')];
    if (page < 1 || size < 1 || size > 100) return refuse(10000, '参数错误');
    const newest = [...this.list.all].sort((a, b) => b.n - a.n);
    this.list.betweenPages?.();
    const shown = newest.slice((page - 1) * size, page * size).map(({ id, title, onSale, skus }) =>
      `{"goods_id":${id},"goods_name":"${title}","is_onsale":${onSale ? 1 : 0},"goods_quantity":7,"is_more_sku":${skus.length > 1 ? 1 : 0},"created_at":1772330000,"sku_list":[${skus.map((sku) => `{"sku_id":${sku.id},"outer_id":"${sku.code}","sku_quantity":${sku.units},"is_sku_onsale":1}`).join(',')}]}`);
    return answer(`{"goods_list_get_response":{"total_count":${newest.length},"goods_list":[${shown.join(',')}]}}`);
  }

  detail(form: Form): SandboxResponse {
    const found = this.list.find(form['goods_id']);
    return found === undefined ? refuse(50001, '商品不存在') : answer(`{"goods_detail_get_response":${detailText(found)}}`);
  }
}

/** Prices in fen; who buys alone pays more. */
function detailText({ id, title, onSale, soldOut, garbled, skus }: ListedGoods): string {
  const list = skus.map((sku) => `{"sku_id":${sku.id},"out_sku_sn":"${sku.code}","multi_price":${sku.price},"price":${sku.price + 200},"quantity":${sku.units},"weight":350,"is_onsale":1,` +
    `"spec":[${sku.options.map(([name, value], at) => `{"parent_id":${1215 + at},"parent_name":"${name}","spec_id":${at + 1},"spec_name":"${value}"}`).join(',')}]}`);
  return `{"goods_id":${id},"goods_name":"${title}","goods_desc":"示例","outer_goods_id":"","status":${soldOut ? 3 : onSale ? 1 : 2},"market_price":2990,"image_url":"","carousel_gallery_list":["https://img.example.com/${id}.jpg"],"sku_list":${garbled ? '"many"' : `[${list.join(',')}]`}}`;
}
