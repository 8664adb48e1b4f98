import { GoodsList, type ListedGoods, type ListedSku } from '../goods-list.js';
import type { SandboxResponse } from '../server/sandbox.js';
import type { StoredGoods } from '../shop-store.js';
import { ok, refuse } from './answer.js';

type Call = Readonly<Record<string, unknown>>;
const hex = (n: number): string => n.toString(16);

/** What a shop sells: items newest first, their SKUs by when they changed, and an item with a page of its SKUs. */
export class XiaohongshuGoods {
  readonly list = new GoodsList((n) => `64ff${hex(0x10_0000_0000 + n)}fd12f1`.padEnd(24, '0'), (n, at) => `61ff${hex(0x10_0000_0000 + n * 1000 + at)}fd12f1`.padEnd(24, '0'));

  /** Those that changed last first; goods that are only counted have always been there. */
  skus(call: Call, counted: readonly StoredGoods[]): SandboxResponse {
    const [pageNo, pageSize] = [Number(call['pageNo'] ?? 1), Number(call['pageSize'] ?? 50)];
    if (pageNo < 1 || pageSize < 1 || pageSize > 100) return refuse(-1, '参数错误');
    const from = Number(call['updateTimeFrom'] ?? 0) * 1000;
    const changed = this.list.all.filter(({ updatedAt }) => updatedAt.getTime() >= from).sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime()).flatMap((item) => item.skus.map((sku) => ({ item: infoOf(item), sku: skuOf(item, sku) })));
    const others = from > 0 ? [] : counted.map(({ sku, skuId, goodsId, units }) => ({ item: { id: goodsId }, sku: { id: skuId, itemId: goodsId, erpCode: sku, stock: units } }));
    const all = [...changed, ...others];
    return ok({ pageNO: pageNo, pageSize, total: all.length, data: all.slice((pageNo - 1) * pageSize, pageNo * pageSize) });
  }

  call(method: string, call: Call): SandboxResponse | null {
    const [pageNo, pageSize] = [Number(call['pageNo'] ?? 1), Number(call['pageSize'] ?? 50)];
    if (/^product\.(search|get)/.test(method) && (pageNo < 1 || pageSize < 1 || pageSize > 100)) return refuse(-1, '参数错误');
    const page = <T>(all: readonly T[]): readonly T[] => all.slice((pageNo - 1) * pageSize, pageNo * pageSize);
    switch (method) {
      case 'product.searchItemList': {
        const { lastId } = (call['searchParam'] ?? {}) as { lastId?: string };
        const newest = [...this.list.all].sort((a, b) => b.n - a.n);
        const start = lastId === undefined ? 0 : newest.findIndex(({ id }) => id === lastId);
        this.list.betweenPages?.();
        return ok({ currentPage: pageNo, pageSize, total: newest.length, itemDetailV3s: page(start < 0 ? [] : newest.slice(start)).map(infoOf) });
      }
      case 'product.getItemInfo': {
        const item = this.list.find(call['itemId']);
        return item === undefined ? refuse(-1, '商品不存在') : ok({ total: item.skus.length, pageNO: pageNo, pageSize, itemInfo: infoOf(item), skuInfos: item.garbled ? 'many' : page(item.skus).map((sku) => skuOf(item, sku)) });
      }
      default: return null;
    }
  }
}

const infoOf = ({ id, title, updatedAt }: ListedGoods) => ({ id, name: title, description: '示例', images: [`https://img.example.com/${id}.jpg`], createTime: 1_772_330_000_000, updateTime: updatedAt.getTime() });
const skuOf = ({ id, updatedAt, onSale, title }: ListedGoods, sku: ListedSku) => ({
  id: sku.id, itemId: id, name: title, erpCode: sku.code, price: sku.price, originalPrice: sku.before, stock: sku.units, buyable: onSale, createTime: 1_772_330_000_000, updateTime: updatedAt.getTime(),
  variants: sku.options.map(([name, value], at) => ({ id: `5a60${at}9ce6`, name, value })),
});
