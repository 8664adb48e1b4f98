import { isCurrency, type CurrencyCode } from '@quanyu/money';
import { PlatformError } from '../../outbound/platform-error.js';
import type { JsonObject } from '../asking/answer-object.js';
import type { ListedContext, ListedCustomer, ListedProduct, ListPage } from '../reading/listing.js';
import { restListing } from '../reading/rest-listing.js';

const PAGE = 50;

type Get = (path: string, query?: Readonly<Record<string, string>>) => Promise<JsonObject>;
/** Where a list stands: which word for what it lists, the shop's currency, the page from 1; what moves meanwhile comes by webhook. */
interface Place { readonly word: string; readonly currency: CurrencyCode | null; readonly page: number }

const textOf = ({ word, currency, page }: Place): string => [word, currency ?? '', page].join(':');
function placeOf(text: string): Place {
  const [word = '', currency = '', page = '1'] = text.split(':');
  return { word, currency: isCurrency(currency) ? currency : null, page: Number(page) };
}

/** Products and customers name no currency: their shop does. */
async function begin(get: Get, word: string): Promise<Place> {
  const { shop } = await get('/shop') as { shop?: { currency?: string } };
  return { word, currency: shop?.currency !== undefined && isCurrency(shop.currency) ? shop.currency : null, page: 1 };
}

async function listed<T>(get: Get, place: Place, since: Date | null, read: (body: unknown, context: ListedContext) => T | null, names: readonly string[]): Promise<ListPage<T>> {
  const { word, currency, page } = place;
  const at = new Date();
  const answer = await get(`/${word}`, { page: String(page), limit: String(PAGE), ...(since !== null && { updated_at_min: since.toISOString() }) });
  const bodies = names.map((name) => answer[name]).find((value) => Array.isArray(value)) as readonly unknown[] | undefined;
  if (bodies === undefined) throw new PlatformError('ANSWER_INVALID');
  const items = bodies.map((body) => read(body, { at, currency })).filter((item) => item !== null);
  return {
    items, unread: bodies.length - items.length, next: bodies.length < PAGE ? null : textOf({ ...place, page: page + 1 }),
    ...(page === 1 && currency !== null && { settings: { shopCurrency: currency } }),
  };
}

export const listGoods = async (get: Get, page: string | null, since: Date | null): Promise<ListPage<ListedProduct>> =>
  listed(get, page === null ? await begin(get, 'products') : placeOf(page), since, restListing.productOf, ['products']);

/** Older papers and shops call customers `tenants`: whoever does not know the one knows the other. */
export async function listCustomers(get: Get, page: string | null, since: Date | null): Promise<ListPage<ListedCustomer>> {
  const place = page === null ? await begin(get, 'customers') : placeOf(page);
  const list = (word: string): Promise<ListPage<ListedCustomer>> => listed(get, { ...place, word }, since, restListing.customerOf, [word, 'customers']);
  try {
    return await list(place.word);
  } catch (error) {
    if (page !== null || !(error instanceof PlatformError) || error.code !== 'NOT_FOUND') throw error;
    return list('tenants');
  }
}
