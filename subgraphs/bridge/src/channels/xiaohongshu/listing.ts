import { z } from 'zod';
import type { ClientContext } from '../connector.js';
import type { ListedContext, ListedProduct, ListPage } from '../reading/listing.js';
import { id, words } from '../reading/order-fields.js';
import { firstOf } from '../reading/order-people.js';
import { fen, goodsPage, listedGoods, yuanOf } from '../reading/sold-goods.js';
import { unlessGone } from '../asking/unless-gone.js';
import { callArk } from './api.js';

const PAGE = 50;
/** SKUs of one item that are told at once, and no more pages of them than any item fills. */
const SKUS = 50;
const MOST_SKU_PAGES = 100;

interface Items { readonly itemDetailV3s?: readonly { readonly id?: string }[] }
interface Changed { readonly data?: readonly { readonly sku?: { readonly id?: string; readonly itemId?: string } }[] }
interface Item { readonly itemInfo?: Readonly<Record<string, unknown>>; readonly skuInfos?: readonly unknown[]; readonly total?: string }

/**
 * Items newest first, each page behind the item that ended the last one. Changes are told of SKUs, from an instant on and with
 * no end: what changes while they are read comes again, and nothing leaves.
 */
export function listGoods(context: ClientContext, page: string | null, since: Date | null): Promise<ListPage<ListedProduct>> {
  return since === null ? everything(context, page) : changes(context, page, since);
}

async function everything(context: ClientContext, last: string | null): Promise<ListPage<ListedProduct>> {
  const { itemDetailV3s: told = [] } = await callArk<Items>(context, 'product.searchItemList', { pageNo: 1, pageSize: PAGE, searchParam: last === null ? {} : { lastId: last } });
  // Whether the item that it begins with is told again its papers leave open.
  const ids = told.flatMap(({ id: itemId }) => (itemId === undefined || itemId === last ? [] : [itemId]));
  return read(context, ids, told.length < PAGE || ids.length === 0 ? null : ids.at(-1)!);
}

/** By page and the item that the last page ended in, whose other SKUs may begin this one. */
async function changes(context: ClientContext, page: string | null, since: Date): Promise<ListPage<ListedProduct>> {
  const [pageNo, before] = (page ?? '1:').split(':');
  const { data: told = [] } = await callArk<Changed>(context, 'product.getDetailSkuList', { updateTimeFrom: Math.floor(since.getTime() / 1000), pageNo: Number(pageNo), pageSize: PAGE });
  const ids = [...new Set(told.flatMap(({ sku }) => sku?.itemId ?? []))];
  return read(context, ids.filter((itemId) => itemId !== before), told.length < PAGE ? null : `${Number(pageNo) + 1}:${ids.at(-1) ?? ''}`);
}

async function read(context: ClientContext, ids: readonly string[], next: string | null): Promise<ListPage<ListedProduct>> {
  const bodies: unknown[] = [];
  for (const itemId of ids) bodies.push(await itemOf(context, itemId));
  return goodsPage(bodies, productOf, next);
}

/** An item with all its SKUs, in the words of its first page. */
async function itemOf(context: ClientContext, itemId: string): Promise<unknown> {
  const skuInfos: unknown[] = [];
  for (let pageNo = 1; pageNo <= MOST_SKU_PAGES; pageNo += 1) {
    const told = await unlessGone(callArk<Item>(context, 'product.getItemInfo', { itemId, pageNo, pageSize: SKUS }));
    if (told === null || !Array.isArray(told.skuInfos)) return told;
    skuInfos.push(...told.skuInfos as readonly unknown[]);
    if (told.skuInfos.length === 0 || skuInfos.length >= Number(told.total ?? '0')) return { ...told, skuInfos };
  }
  return {};
}

const text = words.nullish();
/** In milliseconds, or in seconds where it is that short. */
const time = words.transform((told) => (/^\d{10,13}$/.test(told) ? new Date(Number(told) * (told.length < 12 ? 1000 : 1)) : null)).nullish();
const item = z.object({
  itemInfo: z.object({ id, name: text, description: text, updateTime: time, images: z.array(text).nullish().catch(null) }),
  skuInfos: z.array(z.object({
    id, erpCode: text, price: fen, originalPrice: fen, stock: text, buyable: z.boolean().nullish().catch(null), updateTime: time, variants: z.array(z.object({ name: words, value: words })).nullish(),
  })),
});

/** An item of a shop; each of its SKUs is on sale or not by itself. */
export function productOf(body: unknown, { at }: Pick<ListedContext, 'at'>): ListedProduct | null {
  const { data } = item.safeParse(body);
  if (data === undefined) return null;
  const { itemInfo: told, skuInfos: skus } = data;
  const times = [told, ...skus].flatMap(({ updateTime }) => updateTime?.getTime() ?? []);
  return listedGoods({
    id: told.id, title: told.name, bodyHtml: told.description, isOnSale: skus.some(({ buyable }) => buyable === true), images: told.images ?? [],
    changedAt: times.length === 0 ? null : new Date(Math.max(...times)),
    variants: skus.map((sku) => ({ id: sku.id, sku: firstOf(sku.erpCode), price: yuanOf(sku.price), before: yuanOf(sku.originalPrice), quantity: sku.stock, options: sku.variants ?? [] })),
  }, at);
}
