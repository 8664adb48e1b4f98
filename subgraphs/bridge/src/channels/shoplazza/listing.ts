import { PlatformError } from '../../outbound/platform-error.js';
import type { JsonObject } from '../answer-object.js';
import type { ListedCustomer, ListedGoods, ListPage } from '../connector.js';

const PAGE = 50;

type Get = (path: string, query: Readonly<Record<string, string>>) => Promise<JsonObject>;
interface Product { readonly id: string; readonly title?: string; readonly updated_at?: string; readonly variants?: readonly { readonly id: string; readonly sku?: string | null; readonly title?: string | null }[] }
interface Customer { readonly id: string; readonly first_name?: string | null; readonly last_name?: string | null; readonly phone?: string | null; readonly email?: string | null; readonly updated_at?: string }

/** By page numbers from 1; what moves meanwhile comes by webhook. */
const next = (page: number, found: number): string | null => (found < PAGE ? null : String(page + 1));

function instant(text: string | undefined): Date {
  const at = new Date(text ?? '');
  if (Number.isNaN(at.getTime())) throw new PlatformError('ANSWER_INVALID');
  return at;
}

export async function listGoods(get: Get, page: string | null): Promise<ListPage<ListedGoods>> {
  const number = Number(page ?? '1');
  const { products } = await get('/products', { page: String(number), limit: String(PAGE) }) as { products?: readonly Product[] };
  if (!Array.isArray(products)) throw new PlatformError('ANSWER_INVALID');
  return {
    items: (products as readonly Product[]).flatMap(({ id, title = '', updated_at: at, variants = [] }) => variants.map((variant) => ({
      externalProductId: id, externalVariantId: variant.id, externalSku: variant.sku?.trim() || `variant:${variant.id}`, title: [title, variant.title].filter(Boolean).join(' / '), changedAt: instant(at),
    }))),
    next: next(number, products.length),
  };
}

/** Older papers and shops call customers `tenants`: whoever does not know the one knows the other. */
export async function listCustomers(get: Get, page: string | null): Promise<ListPage<ListedCustomer>> {
  const [word, number] = page === null ? ['customers', 1] : [page.split(':')[0]!, Number(page.split(':')[1])];
  try {
    const answer = await get(`/${word}`, { page: String(number), limit: String(PAGE) }) as Readonly<Record<string, readonly Customer[] | undefined>>;
    const customers = answer[word] ?? answer['customers'];
    if (!Array.isArray(customers)) throw new PlatformError('ANSWER_INVALID');
    const following = next(number, customers.length);
    return {
      items: (customers as readonly Customer[]).map(({ id, first_name: first, last_name: last, phone, email, updated_at: at }) => ({
        externalId: id, name: [first, last].filter(Boolean).join(' ') || null, phone: phone || null, email: email || null, changedAt: instant(at),
      })),
      next: following === null ? null : `${word}:${following}`,
    };
  } catch (error) {
    if (page !== null || !(error instanceof PlatformError) || error.code !== 'NOT_FOUND') throw error;
    return listCustomers(get, 'tenants:1');
  }
}
