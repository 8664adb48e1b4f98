interface Variant { readonly id: number; readonly sku: string | null; readonly price: string; readonly compareAtPrice: string | null }
interface Listed { readonly id: number; readonly title: string; readonly updatedAt: string; readonly variants: readonly Variant[] }
interface Person { readonly id: number; readonly name: string; readonly phone: string; readonly email: string; readonly updatedAt: string }
interface PageArgs { readonly first?: number; readonly after?: string | null; readonly query?: string | null }

const AT = '2026-03-01T10:00:00Z';
const gid = (kind: string, id: number): string => `gid://shopify/${kind}/${id}`;

/** What a shop sells and who has an account there, page by page. */
export class ShopifyListing {
  readonly #goods: Listed[] = [];
  readonly #people: Person[] = [];

  /** The first has no SKU, the second more variants than one answer holds. */
  fill(goods: number, customers: number): void {
    this.#goods.splice(0, Infinity, ...Array.from({ length: goods }, (_, n) => ({
      id: 40_000 + n, title: `Goods ${n}`, updatedAt: AT,
      variants: Array.from({ length: n === 1 ? 230 : 1 }, (_one, at) => ({ id: 50_000 + n * 1000 + at, sku: n === 0 ? null : at === 0 ? `SL-${n}` : `SL-${n}-${at}`, price: '19.90', compareAtPrice: n % 2 === 0 ? '29.90' : null })),
    })));
    this.#people.splice(0, Infinity, ...Array.from({ length: customers }, (_, n) => ({ id: 60_000 + n, name: String(n), phone: `+86138${String(n).padStart(8, '0')}`, email: `c${n}@example.com`, updatedAt: AT })));
  }

  unlist(n: number): void { this.#goods.splice(this.#goods.findIndex(({ id }) => id === 40_000 + n), 1); }

  root() {
    return {
      products: (args: PageArgs) => page(this.#goods, args, product),
      product: ({ id }: { id: string }) => { const found = this.#goods.find((one) => gid('Product', one.id) === id); return found === undefined ? null : product(found); },
      customers: (args: PageArgs) => page(this.#people, args, person),
    };
  }
}

function page<T extends { readonly updatedAt: string }, Node>(all: readonly T[], { first = 50, after = null, query = null }: PageArgs, told: (one: T) => Node) {
  const since = /updated_at:>='([^']+)'/.exec(query ?? '')?.[1];
  const found = since === undefined ? all : all.filter(({ updatedAt }) => Date.parse(updatedAt) >= Date.parse(since));
  const start = after === null ? 0 : Number(Buffer.from(after, 'base64').toString());
  const nodes = found.slice(start, start + first);
  return { nodes: nodes.map(told), pageInfo: { hasNextPage: start + nodes.length < found.length, endCursor: nodes.length === 0 ? null : Buffer.from(String(start + nodes.length)).toString('base64') } };
}

const product = (one: Listed) => ({
  id: gid('Product', one.id), title: one.title, descriptionHtml: '<p>示例</p>', vendor: 'Quanyu Fake Goods', productType: 'cup', handle: `goods-${one.id}`, status: 'ACTIVE', publishedAt: AT, updatedAt: one.updatedAt, tags: ['tea', 'cup'],
  options: [{ id: gid('ProductOption', one.id), name: '尺码', values: ['M'] }],
  media: () => ({ nodes: [{ __typename: 'MediaImage', id: gid('MediaImage', one.id), image: { url: `https://cdn.example.com/${one.id}.jpg`, width: 800, height: 600 } }, { __typename: 'Video', id: gid('Video', one.id) }] }),
  variants: (args: PageArgs) => page(one.variants.map((variant) => ({ ...variant, updatedAt: AT })), args, ({ id, sku, price, compareAtPrice }) => ({
    id: gid('ProductVariant', id), sku, title: 'M', price, compareAtPrice, inventoryQuantity: 7, selectedOptions: [{ name: '尺码', value: 'M' }],
    inventoryItem: { id: gid('InventoryItem', id), tracked: true, requiresShipping: true, measurement: { weight: { value: 0.35, unit: 'KILOGRAMS' } } },
  })),
});

const person = (one: Person) => {
  const address = { id: `${gid('MailingAddress', one.id)}?model_name=CustomerAddress`, firstName: '测试', lastName: one.name, name: `测试 ${one.name}`, phone: one.phone, address1: '样本路 1 号', address2: null, city: '杭州市', province: '浙江省', zip: '310000', countryCodeV2: 'CN' };
  return { id: gid('Customer', one.id), firstName: '测试', lastName: one.name, email: one.email, phone: one.phone, updatedAt: one.updatedAt, numberOfOrders: '2', state: 'ENABLED', amountSpent: { amount: '85.5', currencyCode: 'CNY' }, defaultAddress: address, addresses: () => [address] };
};
