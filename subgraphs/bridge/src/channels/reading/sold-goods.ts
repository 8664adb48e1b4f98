import { z } from 'zod';
import type { ListedContext, ListedProduct, ListPage } from './listing.js';
import { words } from './order-fields.js';
import { restListing } from './rest-listing.js';

// Goods of marketplaces that sell in yuan. Each is put in the words that `restListing` reads, so that one reader has all the limits.

/** Fen, as a body tells them; null for what is no amount. */
export const fen = words.pipe(z.string().regex(/^\d{1,13}$/)).nullish().catch(null);

export interface SoldGoods {
  readonly id: string;
  readonly title: string | null | undefined;
  readonly bodyHtml?: string | null | undefined;
  readonly category?: string | null | undefined;
  readonly isOnSale: boolean;
  /** Null where the platform names no time of change. */
  readonly changedAt: Date | null;
  /** The first is the one that is shown. */
  readonly images: readonly (string | null | undefined)[];
  readonly variants: readonly SoldVariant[];
}
export interface SoldVariant {
  readonly id: string;
  /** What lines of orders call it; null where the shop gave it no code. */
  readonly sku: string | null;
  readonly price: Yuan;
  /** What is crossed out beside the price. */
  readonly before?: Yuan;
  readonly quantity: string | null | undefined;
  readonly grams?: string | null | undefined;
  readonly options: readonly Option[];
}
export interface Option { readonly name: string; readonly value: string }
type Yuan = string | null | undefined;

/** `3990` fen as `39.90` yuan. */
export const yuanOf = (amount: string | null | undefined): string | null =>
  (amount ? `${amount.slice(0, -2) || '0'}.${amount.slice(-2).padStart(2, '0')}` : null);

/** What a shop sells, in our words; null where it is nothing that can be kept. */
export function listedGoods({ id, title, bodyHtml, category, isOnSale, changedAt, images, variants }: SoldGoods, at: Date): ListedProduct | null {
  const names = [...new Set(variants.flatMap(({ options }) => options.map(({ name }) => name)))];
  const valuesOf = (name: string): string[] => [...new Set(variants.flatMap(({ options }) => options.filter((one) => one.name === name).map(({ value }) => value)))];
  return restListing.productOf({
    id, title, body_html: bodyHtml, product_type: category, status: isOnSale ? 'active' : 'draft', updated_at: changedAt?.toISOString(),
    options: names.map((name) => ({ name, values: valuesOf(name) })),
    images: images.filter(Boolean).map((src) => ({ src })),
    variants: variants.map((one) => ({
      id: one.id, sku: one.sku, title: one.options.map(({ value }) => value).join(' / '), price: one.price, compare_at_price: one.before, inventory_quantity: one.quantity,
      ...(one.grams && one.grams !== '0' && { weight: one.grams, weight_unit: 'g' }), requires_shipping: true,
      ...Object.fromEntries(names.map((name, index) => [`option${index + 1}`, one.options.find((option) => option.name === name)?.value ?? ''])),
    })),
  }, { at, currency: 'CNY' });
}

/** A page of goods as their platform tells them: those that nobody can read are counted, those that are gone left out. */
export function goodsPage(bodies: readonly unknown[], productOf: (body: unknown, context: Pick<ListedContext, 'at'>) => ListedProduct | null, next: string | null): ListPage<ListedProduct> {
  const told = bodies.filter((body) => body !== null);
  const at = new Date();
  const items = told.map((body) => productOf(body, { at })).filter((item) => item !== null);
  return { items, unread: told.length - items.length, next, settings: { shopCurrency: 'CNY' } };
}
