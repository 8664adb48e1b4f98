import { z } from 'zod';
import type { ClientContext } from '../connector.js';
import type { ListedContext, ListedProduct, ListPage } from '../reading/listing.js';
import { id, words } from '../reading/order-fields.js';
import { firstOf } from '../reading/order-people.js';
import { fen, goodsPage, listedGoods, yuanOf } from '../reading/sold-goods.js';
import { unlessGone } from '../asking/unless-gone.js';
import { callPinduoduo } from './api.js';

const PAGE = 50;
const DELETED = '4';

interface Listed { readonly goods_list?: readonly { readonly goods_id: string }[] }
interface Detail { readonly status?: string }

/** All goods: the list knows neither when they changed nor what they cost, so each is read as a whole, every time. */
export async function listGoods(context: ClientContext, page: string | null): Promise<ListPage<ListedProduct>> {
  const number = Number(page ?? '1');
  const { goods_list: listed = [] } = await callPinduoduo<Listed>(context, 'pdd.goods.list.get', { page: String(number), page_size: String(PAGE) });
  const [bodies, gone]: [unknown[], string[]] = [[], []];
  for (const { goods_id: goodsId } of listed) {
    const body = await detailOf(context, goodsId);
    if (body === null || body.status === DELETED) gone.push(goodsId);
    else bodies.push(body);
  }
  return { ...goodsPage(bodies, productOf, listed.length < PAGE ? null : String(number + 1)), gone };
}

const detailOf = (context: ClientContext, goodsId: string): Promise<Detail | null> => unlessGone(callPinduoduo<Detail>(context, 'pdd.goods.detail.get', { goods_id: goodsId }));

const text = words.nullish();
const images = z.array(text).nullish().catch(null);
const detail = z.object({
  goods_id: id, goods_name: text, goods_desc: text, outer_goods_id: text, status: text, market_price: fen, image_url: text, carousel_gallery_list: images, carousel_gallery: images,
  sku_list: z.array(z.object({
    sku_id: id, out_sku_sn: text, multi_price: fen, price: fen, quantity: text, weight: text, spec: z.array(z.object({ parent_name: words, spec_name: words })).nullish(),
  })),
});
const ON_SALE = '1';

/** Goods with all their SKUs. Most buyers are in a group: its price is the price. */
export function productOf(body: unknown, { at }: Pick<ListedContext, 'at'>): ListedProduct | null {
  const { data } = detail.safeParse(body);
  if (data === undefined) return null;
  return listedGoods({
    id: data.goods_id, title: data.goods_name, bodyHtml: data.goods_desc, isOnSale: data.status === ON_SALE, changedAt: null,
    images: data.carousel_gallery_list ?? data.carousel_gallery ?? [data.image_url],
    variants: data.sku_list.map((sku) => ({
      id: sku.sku_id, sku: firstOf(sku.out_sku_sn, data.outer_goods_id), price: yuanOf(sku.multi_price ?? sku.price), before: yuanOf(data.market_price), quantity: sku.quantity, grams: sku.weight,
      options: (sku.spec ?? []).map(({ parent_name: name, spec_name: value }) => ({ name, value })),
    })),
  }, at);
}
