import type { Stage } from './stage.js';

/** A variant of goods, prices in fen. */
export interface ListedSku { readonly id: string; readonly code: string; readonly price: number; readonly before: number; readonly units: number; readonly options: readonly (readonly [name: string, value: string])[] }
/** What a marketplace lists, whatever words it says it in. */
export interface ListedGoods { readonly n: number; readonly id: string; title: string; updatedAt: Date; onSale: boolean; soldOut: boolean; garbled: boolean; readonly skus: readonly ListedSku[] }

const AT = Date.parse('2026-03-01T10:00:00Z');
const COLOURS = ['白', '黑', '黑:红;绿'];

/** The goods of a full shop: the first has no code, the second more variants than one, the fifth is in the warehouse, the sixth sold out. */
export class GoodsList {
  all: ListedGoods[] = [];
  /** What it sold once: some platforms go on naming it. */
  ended: ListedGoods[] = [];
  /** Called between two pages of the list. */
  betweenPages: (() => void) | null = null;

  /** @param idOf the platform's id of the n-th goods @param skuIdOf and of its variants */
  constructor(private readonly idOf: (n: number) => string, private readonly skuIdOf: (n: number, at: number) => string) {}

  fill(count: number): void {
    this.ended = [];
    this.all = Array.from({ length: count }, (_, n) => this.#make(n));
  }
  unlist(n: number): void {
    this.ended.push(Object.assign(this.#of(n), { updatedAt: new Date() }));
    this.all = this.all.filter((one) => one.n !== n);
  }
  garble(n: number): void { this.#of(n).garbled = true; }
  /** Somebody changes it now. */
  edit(n: number): void { Object.assign(this.#of(n), { title: `Edited ${n}`, updatedAt: new Date() }); }
  find(id: unknown): ListedGoods | undefined { return this.all.find((one) => one.id === String(id)); }

  #of(n: number): ListedGoods { return this.all.find((one) => one.n === n)!; }
  #make(n: number): ListedGoods {
    const soldOut = n === 5;
    const sku = (at: number): ListedSku => ({
      id: this.skuIdOf(n, at), code: n === 0 ? '' : at === 0 ? `SL-${n}` : `SL-${n}-${at}`, price: 1990 + 100 * at, before: 2990, units: soldOut ? 0 : 7 + at,
      options: n === 1 ? [['颜色', COLOURS[at % 3]!], ['尺码', String(Math.floor(at / 3))]] : [],
    });
    return { n, id: this.idOf(n), title: `Goods ${n}`, updatedAt: new Date(AT + n * 1000), onSale: n !== 4 && !soldOut, soldOut, garbled: false, skus: Array.from({ length: n === 1 ? 130 : 1 }, (_, at) => sku(at)) };
  }
}

/** A stage's words for what its shop lists. */
export const listed = (list: GoodsList): Pick<Stage, 'fill' | 'unlist' | 'garble' | 'edit' | 'listed' | 'betweenGoods'> => ({
  fill: (goods) => list.fill(goods), unlist: (n) => list.unlist(n), garble: (n) => list.garble(n), edit: (n) => list.edit(n), listed: () => list.all.map(({ id }) => id),
  betweenGoods: (happens) => { list.betweenPages = happens; },
});
