import { z } from 'zod';
import { fromBeijing, toBeijing } from '../reading/beijing-time.js';
import type { ClientContext } from '../connector.js';
import type { ListedContext, ListedProduct, ListPage } from '../reading/listing.js';
import { id, words } from '../reading/order-fields.js';
import { firstOf } from '../reading/order-people.js';
import { goodsPage, listedGoods, type Option } from '../reading/sold-goods.js';
import { callTop } from './top.js';

const PAGE = 100;
/** Told as a whole in one answer. */
const AT_ONCE = 20;
const FIELDS = 'num_iid,title,cid,pic_url,item_img,price,num,outer_id,approve_status,modified,sku';
/** What is in the warehouse stands in lists of its own, by why it does not sell. */
const LISTS = [
  { method: 'taobao.items.inventory.get', banner: 'for_shelved' }, { method: 'taobao.items.inventory.get', banner: 'sold_out' },
  { method: 'taobao.items.inventory.get', banner: 'violation_off_shelf' }, { method: 'taobao.items.onsale.get' },
] as const;
/** All of them once, and once more for what changed meanwhile: an item that moves from one list to another may be in neither. */
const ROUNDS = [...LISTS, ...LISTS];
const CLOCKS_APART_MS = 120_000;

/** Where a list stands; `from` in milliseconds, by the time of change. */
interface Place { readonly list: number; readonly from: number | null; readonly page: number; readonly began: number }
const textOf = ({ list, from, page, began }: Place): string => [list, from ?? '', page, began].join(':');
function placeOf(text: string): Place {
  const [list, from, page, began] = text.split(':');
  return { list: Number(list), from: from ? Number(from) : null, page: Number(page), began: Number(began) };
}

/**
 * Oldest change first, and each page begins at the second in which the one before ended: who pages by numbers alone skips
 * what moves up, and no list goes beyond 20,000 of them.
 */
export async function listGoods(context: ClientContext, page: string | null, since: Date | null): Promise<ListPage<ListedProduct>> {
  const place = page === null ? { list: 0, from: since?.getTime() ?? null, page: 1, began: context.now().getTime() } : placeOf(page);
  const { method, ...banner } = ROUNDS[place.list]!;
  const { items } = await callTop<Items>(context, method, {
    fields: 'num_iid,modified', order_by: 'modified:asc', page_no: String(place.page), page_size: String(PAGE), ...banner,
    ...(place.from !== null && { start_modified: toBeijing(new Date(place.from)) }),
  });
  const listed = items?.item ?? [];
  return goodsPage(await detailsOf(context, listed), productOf, after(place, listed, since));
}

interface Items { readonly items?: { readonly item?: readonly Listed[] } }
interface Listed { readonly num_iid: string; readonly modified?: string }

function after(place: Place, listed: readonly Listed[], since: Date | null): string | null {
  if (listed.length < PAGE) {
    const list = place.list + 1;
    if (list === ROUNDS.length) return null;
    return textOf({ ...place, list, page: 1, from: list < LISTS.length ? since?.getTime() ?? null : place.began - CLOCKS_APART_MS });
  }
  const last = fromBeijing(listed.at(-1)!.modified)?.getTime() ?? place.from;
  return textOf(last === place.from ? { ...place, page: place.page + 1 } : { ...place, page: 1, from: last });
}

async function detailsOf(context: ClientContext, listed: readonly Listed[]): Promise<readonly unknown[]> {
  const bodies: unknown[] = [];
  for (let start = 0; start < listed.length; start += AT_ONCE) {
    const { items } = await callTop<{ items?: { item?: readonly unknown[] } }>(context, 'taobao.items.seller.list.get', { num_iids: listed.slice(start, start + AT_ONCE).map(({ num_iid }) => num_iid).join(','), fields: FIELDS });
    bodies.push(...items?.item ?? []);
  }
  return bodies;
}

const text = words.nullish();
const item = z.object({
  num_iid: id, title: text, pic_url: text, price: text, num: text, outer_id: text, approve_status: text, modified: words.transform(fromBeijing).nullish(),
  item_imgs: z.object({ item_img: z.array(z.object({ url: text })) }).nullish().catch(null),
  skus: z.object({ sku: z.array(z.object({ sku_id: id, outer_id: text, price: text, quantity: text, properties_name: text })) }).nullish(),
});

/** An item of a seller; one without choices is its own only variant, as the lines of orders have it. */
export function productOf(body: unknown, { at }: Pick<ListedContext, 'at'>): ListedProduct | null {
  const { data } = item.safeParse(body);
  if (data === undefined) return null;
  const skus = data.skus?.sku ?? [];
  return listedGoods({
    id: data.num_iid, title: data.title, isOnSale: data.approve_status === 'onsale', changedAt: data.modified ?? null,
    images: data.item_imgs === null || data.item_imgs === undefined ? [data.pic_url] : data.item_imgs.item_img.map(({ url }) => url),
    variants: skus.length === 0
      ? [{ id: data.num_iid, sku: firstOf(data.outer_id), price: data.price, quantity: data.num, options: [] }]
      : skus.map((sku) => ({ id: sku.sku_id, sku: firstOf(sku.outer_id, data.outer_id), price: sku.price, quantity: sku.quantity, options: optionsOf(sku.properties_name) })),
  }, at);
}

/** `1627207:28320:颜色:白色;20509:28314:尺码:S`, a value with what signs it likes. */
const optionsOf = (properties: string | null | undefined): readonly Option[] =>
  (properties ?? '').split(/;(?=-?\d+:-?\d+:)/).flatMap((pair) => { const [, name, value] = /^-?\d+:-?\d+:([^:]+):(.+)$/s.exec(pair.replace(/;+$/, '')) ?? []; return name && value ? [{ name, value }] : []; });
