import { isCurrency, type CurrencyCode } from '@quanyu/money';
import type { ClientContext } from '../connector.js';
import type { ListedContext, ListedCustomer, ListedProduct, ListPage } from '../reading/listing.js';
import { restListing } from '../reading/rest-listing.js';
import { ask, numberOf } from './graph.js';

const PRODUCTS_AT_ONCE = 5;
const VARIANTS_AT_ONCE = 100;
const CUSTOMERS_AT_ONCE = 50;

const VARIANTS = `nodes { id sku title price compareAtPrice inventoryQuantity selectedOptions { name value } inventoryItem { requiresShipping measurement { weight { value unit } } } } pageInfo { hasNextPage endCursor }`;
const PRODUCTS = `query Products($first: Int!, $after: String, $query: String, $variants: Int!) {
  shop { currencyCode }
  products(first: $first, after: $after, query: $query, sortKey: ID) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id title descriptionHtml vendor productType handle status publishedAt updatedAt tags options { name values }
      media(first: 50) { nodes { ... on MediaImage { id image { url width height } } } } variants(first: $variants) { ${VARIANTS} }
    }
  }
}`;
const MORE = `query MoreVariants($id: ID!, $first: Int!, $after: String) { product(id: $id) { variants(first: $first, after: $after) { ${VARIANTS} } } }`;
const CUSTOMERS = `query Customers($first: Int!, $after: String, $query: String) {
  shop { currencyCode }
  customers(first: $first, after: $after, query: $query, sortKey: ID) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id firstName lastName email phone updatedAt numberOfOrders state amountSpent { amount currencyCode } defaultAddress { id }
      addresses(first: 20) { id firstName lastName phone address1 address2 city province zip countryCodeV2 }
    }
  }
}`;

interface PageInfo { readonly hasNextPage: boolean; readonly endCursor: string | null }
interface Nodes<T> { readonly nodes: readonly T[]; readonly pageInfo: PageInfo }
interface Variant {
  readonly id: string; readonly sku: string | null; readonly title: string; readonly price: string; readonly compareAtPrice: string | null; readonly inventoryQuantity: number | null;
  readonly selectedOptions: readonly { readonly name: string; readonly value: string }[];
  readonly inventoryItem: { readonly requiresShipping: boolean; readonly measurement: { readonly weight: { readonly value: number; readonly unit: string } | null } | null };
}
interface Product {
  readonly id: string; readonly title: string; readonly descriptionHtml: string; readonly vendor: string; readonly productType: string; readonly handle: string; readonly status: string; readonly publishedAt: string | null;
  readonly updatedAt: string; readonly tags: readonly string[]; readonly options: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly media: { readonly nodes: readonly { readonly id?: string; readonly image?: { readonly url: string; readonly width: number | null; readonly height: number | null } | null }[] }; readonly variants: Nodes<Variant>;
}
interface Address {
  readonly id: string; readonly firstName: string | null; readonly lastName: string | null; readonly phone: string | null; readonly address1: string | null; readonly address2: string | null;
  readonly city: string | null; readonly province: string | null; readonly zip: string | null; readonly countryCodeV2: string | null;
}
interface Customer {
  readonly id: string; readonly firstName: string | null; readonly lastName: string | null; readonly email: string | null; readonly phone: string | null; readonly updatedAt: string; readonly numberOfOrders: string; readonly state: string;
  readonly amountSpent: { readonly amount: string; readonly currencyCode: string }; readonly defaultAddress: { readonly id: string } | null; readonly addresses: readonly Address[];
}
interface Listed<T> { readonly shop: { readonly currencyCode: string }; readonly page: Nodes<T> }

const changedSince = (since: Date | null): string | null => (since === null ? null : `updated_at:>='${since.toISOString()}'`);
const UNITS: Readonly<Record<string, string>> = { GRAMS: 'g', KILOGRAMS: 'kg', OUNCES: 'oz', POUNDS: 'lb' };
/** What the shop's own webhooks call it: one reader does for both. `gid://shopify/MailingAddress/1?model_name=…` has its number before the mark. */
const plainId = (gid: string): string => numberOf(gid).split('?')[0]!;

const variantBody = (one: Variant): object => {
  const weight = one.inventoryItem.measurement?.weight;
  return {
    id: plainId(one.id), sku: one.sku, title: one.title, price: one.price, compare_at_price: one.compareAtPrice, inventory_quantity: one.inventoryQuantity, requires_shipping: one.inventoryItem.requiresShipping,
    ...(weight && { weight: String(weight.value), weight_unit: UNITS[weight.unit] ?? weight.unit }), ...Object.fromEntries(one.selectedOptions.map(({ value }, at) => [`option${at + 1}`, value])),
  };
};

async function productBody(context: ClientContext, one: Product): Promise<object> {
  const variants = [...one.variants.nodes];
  for (let { pageInfo } = one.variants; pageInfo.hasNextPage;) {
    const { data } = await ask<{ product: { variants: Nodes<Variant> } | null }>(context, MORE, { id: one.id, first: VARIANTS_AT_ONCE, after: pageInfo.endCursor }, { points: VARIANTS_AT_ONCE, repeatable: true });
    if (data.product === null) break;
    variants.push(...data.product.variants.nodes);
    ({ pageInfo } = data.product.variants);
  }
  return {
    id: plainId(one.id), title: one.title, body_html: one.descriptionHtml, vendor: one.vendor, product_type: one.productType, handle: one.handle, status: one.status, published_at: one.publishedAt, updated_at: one.updatedAt,
    tags: one.tags, options: one.options, variants: variants.map(variantBody),
    images: one.media.nodes.flatMap(({ id, image }) => (image ? [{ id: plainId(id!), src: image.url, width: image.width, height: image.height }] : [])),
  };
}

const customerBody = (one: Customer): object => ({
  id: plainId(one.id), first_name: one.firstName, last_name: one.lastName, email: one.email, phone: one.phone, updated_at: one.updatedAt, orders_count: one.numberOfOrders, state: one.state.toLowerCase(),
  total_spent: one.amountSpent.amount, currency: one.amountSpent.currencyCode,
  addresses: one.addresses.map((to) => ({
    id: plainId(to.id), first_name: to.firstName, last_name: to.lastName, phone: to.phone, address1: to.address1, address2: to.address2, city: to.city, province: to.province, zip: to.zip,
    country_code: to.countryCodeV2, default: to.id === one.defaultAddress?.id,
  })),
});

async function read<Node, Item>({ shop, page }: Listed<Node>, bodyOf: (node: Node) => Promise<object> | object, itemOf: (body: unknown, context: ListedContext) => Item | null): Promise<ListPage<Item>> {
  const currency: CurrencyCode | null = isCurrency(shop.currencyCode) ? shop.currencyCode : null;
  const items: Item[] = [];
  for (const node of page.nodes) {
    const item = itemOf(await bodyOf(node), { at: new Date(), currency });
    if (item !== null) items.push(item);
  }
  return { items, unread: page.nodes.length - items.length, next: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null, ...(currency !== null && { settings: { shopCurrency: currency } }) };
}

export async function listGoods(context: ClientContext, after: string | null, since: Date | null): Promise<ListPage<ListedProduct>> {
  const { data: { shop, products } } = await ask<{ shop: Listed<Product>['shop']; products: Nodes<Product> }>(
    context, PRODUCTS, { first: PRODUCTS_AT_ONCE, after, query: changedSince(since), variants: VARIANTS_AT_ONCE }, { points: 700, repeatable: true });
  return read({ shop, page: products }, (node) => productBody(context, node), restListing.productOf);
}

export async function listCustomers(context: ClientContext, after: string | null, since: Date | null): Promise<ListPage<ListedCustomer>> {
  const { data: { shop, customers } } = await ask<{ shop: Listed<Customer>['shop']; customers: Nodes<Customer> }>(
    context, CUSTOMERS, { first: CUSTOMERS_AT_ONCE, after, query: changedSince(since) }, { points: 200, repeatable: true });
  return read({ shop, page: customers }, customerBody, restListing.customerOf);
}
