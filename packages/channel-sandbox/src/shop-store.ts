import type { StagedParcel } from './stage.js';

/** One and the same order everywhere, in fen: two cups and a tea, 9.80 off, 8.00 postage, 85.50 paid. */
export const LINES = [
  { sku: 'QY-MUG-WHT', title: '杯', quantity: 2, price: 3990, paid: 7000 },
  { sku: 'QY-TEA-250', title: '茶', quantity: 1, price: 750, paid: 750 },
] as const;
export const POSTAGE = 800;
export const PAID = 8550;

export interface StoredOrder { readonly id: string; readonly createdAt: Date; updatedAt: Date; readonly parcels: StagedParcel[] }
export interface StoredGoods { readonly sku: string; readonly skuId: string; readonly goodsId: string; units: number; held: number }

/** What a marketplace keeps of a shop, whatever words it says it in. */
export class ShopStore {
  readonly orders = new Map<string, StoredOrder>();
  readonly goods: StoredGoods[] = [];
  /** Called between two pages of a listing. */
  betweenPages: (() => void) | null = null;

  put(id: string, updatedAt: Date): string {
    this.orders.set(id, { id, createdAt: new Date(updatedAt.getTime() - 3_600_000), updatedAt, parcels: this.orders.get(id)?.parcels ?? [] });
    return id;
  }

  stock(sku: string, units: number): void {
    const known = this.goods.find((one) => one.sku === sku);
    if (known === undefined) this.goods.push({ sku, skuId: `17${10_000_000_000_000_000n + BigInt(this.goods.length)}`, goodsId: `36${10_000_000_000_000_000n + BigInt(this.goods.length)}`, units, held: 0 });
    else known.units = units;
  }

  goodsOf(by: (goods: StoredGoods) => boolean): StoredGoods | undefined { return this.goods.find(by); }

  /** Orders that changed in this window, both ends with it. */
  changed(from: Date, to: Date): StoredOrder[] {
    return [...this.orders.values()].filter(({ updatedAt }) => updatedAt >= from && updatedAt <= to).sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());
  }
}
