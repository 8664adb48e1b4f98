import { isCurrency, parseDecimal, type CurrencyCode } from '@quanyu/money';
import { z } from 'zod';
import type { ListedAddress, ListedContext, ListedCustomer, ListedProduct, ListedVariant, ListingReader } from './listing.js';
import { id, instant, words } from './order-fields.js';
import { firstOf, nameOf, regionOf } from './order-people.js';
import { countable, plausible } from './order-sums.js';

// Products and customers in the words that Shopify's webhooks made common; Shoplazza's lists and webhooks use them too.

/** Twice what any platform lets a product have: more is an attack. */
const MOST_VARIANTS = 20_000;
const LONGEST_BODY = 100_000;

const short = (most: number) => words.transform((text) => text.slice(0, most).trim());
const long = z.string().transform((text) => Buffer.from(text.replaceAll('\0', '').slice(0, LONGEST_BODY)).toString());
const some = <T extends z.ZodType>(field: T) => field.nullish().catch(null);
const whole = z.union([z.string(), z.number()]).transform(String).pipe(z.string().regex(/^-?\d{1,9}$/)).transform(Number);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const variant = z.object({
  id, sku: some(short(512)), title: some(short(512)), price: some(words), compare_at_price: some(words), inventory_quantity: some(whole), weight: some(words), weight_unit: some(short(16)),
  requires_shipping: some(flag), option1: some(short(255)), option2: some(short(255)), option3: some(short(255)),
});
const image = z.object({ id: some(id), src: words.pipe(z.string().min(1).max(1024)), position: some(whole), width: some(whole), height: some(whole) });
const product = z.object({
  id, title: some(short(512)), body_html: some(long), vendor: some(short(255)), product_type: some(short(255)), handle: some(short(512)), published_at: some(instant), updated_at: some(instant),
  status: some(short(16)), published: some(flag), tags: some(z.union([words, z.array(short(255))])), requires_shipping: some(flag),
  options: some(z.array(z.object({ name: short(255), values: some(z.array(short(255))) }))),
  images: some(z.array(image.or(z.unknown().transform(() => null)))), variants: some(z.array(variant).max(MOST_VARIANTS)),
});
const address = z.object({
  id, first_name: some(words), last_name: some(words), name: some(words), phone: some(words), address: some(words), address1: some(words), address2: some(words), area: some(words), city: some(words), province: some(words),
  zip: some(words), country_code: some(words), default: some(flag), is_default: some(flag),
});
const customer = z.object({
  id, first_name: some(words), last_name: some(words), name: some(words), phone: some(words), email: some(words), updated_at: some(instant), orders_count: some(whole), total_spent: some(words), currency: some(words), state: some(short(32)),
  addresses: some(z.array(address).max(100)),
});

/** Bare, or in an envelope of its name. */
function bare(body: unknown, ...names: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const name = names.find((one) => Object.hasOwn(body, one) && typeof (body as Record<string, unknown>)[one] === 'object');
  return name === undefined ? body : (body as Record<string, unknown>)[name];
}

/** Exact, or null: a price that is missing or that the currency cannot hold is no price of 0. */
function minorOf(text: string | null | undefined, currency: CurrencyCode | null): number | null {
  return !text || currency === null ? null : countable(() => plausible(parseDecimal(text, currency)));
}

const STATUSES = { active: 'ACTIVE', draft: 'DRAFT', archived: 'ARCHIVED' } as const;

function statusOf({ status, published }: z.output<typeof product>): 'ACTIVE' | 'DRAFT' | 'ARCHIVED' {
  const word = status?.toLowerCase() ?? '';
  if (Object.hasOwn(STATUSES, word)) return STATUSES[word as keyof typeof STATUSES];
  return published === false || word !== '' ? 'DRAFT' : 'ACTIVE';
}

function variantOf(read: z.output<typeof variant>, currency: CurrencyCode | null, ships: boolean | null | undefined, optionCount: number): ListedVariant {
  const values = [read.option1, read.option2, read.option3].map((value) => value ?? '');
  return {
    externalVariantId: read.id, externalSku: read.sku || `variant:${read.id}`, title: read.title ?? '',
    priceMinor: minorOf(read.price, currency), compareAtMinor: minorOf(read.compare_at_price, currency), quantity: read.inventory_quantity ?? null,
    weight: read.weight && /^\d{1,12}(\.\d{1,9})?$/.test(read.weight) ? { value: read.weight, unit: read.weight_unit ?? '' } : null,
    requiresShipping: read.requires_shipping ?? ships ?? null, options: values.slice(0, Math.max(optionCount, values.findLastIndex((value) => value !== '') + 1)),
  };
}

function productOf(body: unknown, { at, currency }: ListedContext): ListedProduct | null {
  const read = product.safeParse(bare(body, 'product'));
  if (!read.success || read.data.variants === null && Object.hasOwn(Object(bare(body, 'product')), 'variants')) return null;
  const { data } = read;
  const options = (data.options ?? []).slice(0, 3).map(({ name, values }) => ({ name, values: (values ?? []).slice(0, 1000) }));
  // A variant twice is one: the last of them stands.
  const variants = [...new Map((data.variants ?? []).map((one) => [one.id, variantOf(one, currency, data.requires_shipping, options.length)])).values()];
  const images = (data.images ?? []).filter((one) => one !== null).map((one, index) => ({
    externalImageId: one.id ?? `position:${index + 1}`, src: one.src, position: one.position && one.position > 0 ? one.position : index + 1, width: one.width ?? null, height: one.height ?? null,
  }));
  return {
    externalProductId: data.id, changedAt: data.updated_at ?? at, currency: variants.some(({ priceMinor, compareAtMinor }) => priceMinor !== null || compareAtMinor !== null) ? currency : null, variants,
    product: {
      title: data.title ?? '', bodyHtml: data.body_html || null, vendor: data.vendor || null, productType: data.product_type || null, handle: data.handle || null,
      tags: (typeof data.tags === 'string' ? data.tags.split(',') : data.tags ?? []).map((tag) => tag.trim().slice(0, 255)).filter(Boolean).slice(0, 250),
      status: statusOf(data), publishedAt: data.published_at?.toISOString() ?? null, options, images: [...new Map(images.map((one) => [one.externalImageId, one])).values()].slice(0, 250),
    },
  };
}

const addressOf = (to: z.output<typeof address>): ListedAddress => {
  const [street, ...rest] = [to.address, to.address1, to.address2].filter(Boolean);
  return {
    name: nameOf(to), phone: firstOf(to.phone), address1: firstOf(street), address2: firstOf([...rest, to.area].filter(Boolean).join(', ')),
    city: firstOf(to.city), province: firstOf(to.province), postalCode: firstOf(to.zip), countryCode: regionOf(to.country_code),
  };
};

function customerOf(body: unknown, { at, currency }: ListedContext): ListedCustomer | null {
  const read = customer.safeParse(bare(body, 'customer', 'tenant'));
  if (!read.success) return null;
  const { data } = read;
  const own = data.currency && isCurrency(data.currency) ? data.currency : currency;
  const spent = minorOf(data.total_spent, own);
  return {
    externalId: data.id, name: nameOf(data), phone: firstOf(data.phone), email: firstOf(data.email), changedAt: data.updated_at ?? at,
    ordersCount: data.orders_count === null || data.orders_count === undefined || data.orders_count < 0 ? null : data.orders_count, spent: spent === null ? null : { currency: own!, amountMinor: spent }, state: data.state || null,
    addresses: (data.addresses ?? []).map((one) => ({ externalAddressId: one.id, isDefault: one.default ?? one.is_default ?? false, address: addressOf(one) })),
  };
}

const named = z.object({ id });

export const restListing: ListingReader = {
  productOf, customerOf,
  idOf: (body) => named.safeParse(bare(body, 'product', 'customer', 'tenant')).data?.id ?? null,
};
