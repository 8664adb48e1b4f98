import { z } from 'zod';
import { fromBeijing } from '../reading/beijing-time.js';
import type { ClientContext } from '../connector.js';
import type { ListedContext, ListedProduct, ListPage } from '../reading/listing.js';
import { id, words } from '../reading/order-fields.js';
import { firstOf } from '../reading/order-people.js';
import { fen, goodsPage, listedGoods, yuanOf } from '../reading/sold-goods.js';
import { unlessGone } from '../asking/unless-gone.js';
import { callDouyin } from './api.js';
import { skuName } from './sku-name.js';

const PAGE = 50;
const DELETED = '2';

interface Listed { readonly product_id?: string; readonly product_id_str?: string; readonly status?: string }
interface Answer { readonly data?: readonly Listed[]; readonly cursor_id?: string }

/**
 * By the platform's cursor, since page numbers end at 10,000 products; it ends with an empty page. The filter stays the
 * same over all pages, so where it ends stands in their place: `1772359200:cursor`.
 */
export async function listGoods(context: ClientContext, page: string | null, since: Date | null): Promise<ListPage<ListedProduct>> {
  const [until, cursor] = page === null ? [String(Math.floor(context.now().getTime() / 1000) + 600), null] : [page.slice(0, page.indexOf(':')), page.slice(page.indexOf(':') + 1)];
  const { data: listed = [], cursor_id: next } = await callDouyin<Answer>(context, 'product.listV2', {
    page: 1, size: PAGE, use_cursor: true, ...(cursor !== null && { cursor_id: cursor }),
    // Both ends are left out of what is told.
    ...(since !== null && { update_start_time: Math.floor(since.getTime() / 1000) - 1, update_end_time: Number(until) }),
  });
  const bodies: unknown[] = [];
  const gone: string[] = [];
  for (const { product_id_str: text, product_id: number, status } of listed) {
    const productId = text ?? number ?? '';
    const body = status === DELETED ? null : await detailOf(context, productId);
    if (body === null) gone.push(productId);
    else bodies.push(body);
  }
  return { ...goodsPage(bodies, productOf, listed.length === 0 || !next || next === cursor ? null : `${until}:${next}`), gone };
}

const detailOf = (context: ClientContext, productId: string): Promise<unknown> => unlessGone<unknown>(callDouyin(context, 'product.detail', { product_id: productId }), 'isv.product-not-exist');

const text = words.nullish();
const option = z.object({ property_name: words, value_name: words });
const detail = z.object({
  product_id: id.nullish(), product_id_str: id.nullish(), name: text, description: text, status: text, check_status: text, update_time: words.transform(fromBeijing).nullish(), market_price: fen,
  category_detail: z.object({ fourth_cname: text, third_cname: text, second_cname: text, first_cname: text }).nullish().catch(null), pic: z.array(text).nullish().catch(null), img: text,
  specs: z.array(z.object({ name: words, values: z.array(z.object({ id, name: words })).nullish() })).nullish(),
  spec_prices: z.array(z.object({
    sku_id: id, code: text, out_sku_id: text, price: fen, stock_num: text, spec_detail_ids: z.array(id).nullish(), sell_properties: z.array(option).nullish(),
  })),
});
type Detail = z.output<typeof detail>;
type Sku = Detail['spec_prices'][number];

const ON_SALE = '0';
const BANNED = '5';

/** A product of a shop. What a SKU is chosen by stands with it, or as ids of what the product offers. */
export function productOf(body: unknown, { at }: Pick<ListedContext, 'at'>): ListedProduct | null {
  const { data } = detail.safeParse(body);
  const productId = firstOf(data?.product_id_str, data?.product_id);
  if (data === undefined || productId === null) return null;
  const { category_detail: category, pic } = data;
  const offered = new Map((data.specs ?? []).flatMap(({ name, values }) => (values ?? []).map((value) => [value.id, { name, value: value.name }] as const)));
  const optionsOf = ({ sell_properties: told, spec_detail_ids: ids }: Sku) =>
    (told?.length ? told.map(({ property_name: name, value_name: value }) => ({ name, value })) : (ids ?? []).flatMap((one) => offered.get(one) ?? []));
  return listedGoods({
    id: productId, title: data.name, bodyHtml: data.description, isOnSale: data.status === ON_SALE && data.check_status !== BANNED, changedAt: data.update_time ?? null,
    category: firstOf(category?.fourth_cname, category?.third_cname, category?.second_cname, category?.first_cname), images: pic?.length ? pic : [data.img],
    variants: data.spec_prices.map((sku) => ({
      id: sku.sku_id, sku: skuName(sku), price: yuanOf(sku.price), before: yuanOf(data.market_price), quantity: sku.stock_num, options: optionsOf(sku),
    })),
  }, at);
}
