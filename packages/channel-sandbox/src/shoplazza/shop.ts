import { json } from '../json-answer.js';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import { LINES, PAID, POSTAGE, ShopStore, type StoredOrder } from '../shop-store.js';

const yuan = (fen: number): string => (fen / 100).toFixed(2);
const YEAR_SECONDS = 31_556_951;

interface Variant { readonly id: string; readonly sku: string; readonly price: string; readonly inventory_quantity: number }

/** A shop of Shoplazza, its API 2022-01 and the tokens of one app. */
export class ShoplazzaShop {
  readonly store = new ShopStore();
  readonly products = new Map<string, { readonly title: string; readonly published: boolean; readonly variants: readonly Variant[] }>();
  readonly webhooks: { readonly id: string; readonly address: string; readonly topic: string }[] = [];
  /** What it sells and who buys there, as lists tell it. */
  readonly goods: object[] = [];
  readonly customers: object[] = [];
  /** Older shops say `tenants`. */
  customersWord = 'customers';
  /** The shop's own language; some say none. */
  locale: string | undefined = 'zh-CN';
  accessToken = 'FAKE-access-0';
  refreshToken = 'FAKE-refresh-0';
  /** What an authorisation gave; good once. */
  code: string | null = null;
  #given = 0;

  constructor(readonly domain: string, readonly client: { readonly id: string; readonly secret: string }) {}

  token(request: SandboxRequest, now: number): SandboxResponse {
    const asked = JSON.parse(request.body.toString()) as Readonly<Record<string, string>>;
    if (asked['client_id'] !== this.client.id || asked['client_secret'] !== this.client.secret) return json(401, { error: 'invalid_client' });
    const good = asked['grant_type'] === 'authorization_code' ? this.code !== null && asked['code'] === this.code : asked['grant_type'] === 'refresh_token' && asked['refresh_token'] === this.refreshToken;
    if (!good) return json(400, { error: 'invalid_grant' });
    this.code = null;
    this.#given += 1;
    this.accessToken = `FAKE-access-${this.#given}`;
    this.refreshToken = `FAKE-refresh-${this.#given}`;
    return json(200, {
      access_token: this.accessToken, refresh_token: this.refreshToken, token_type: 'Bearer', expires_in: YEAR_SECONDS, expires_at: Math.floor(now / 1000) + YEAR_SECONDS,
      store_id: '600123', store_name: '沙盒店', locale: this.locale,
    });
  }

  answer(request: SandboxRequest): SandboxResponse {
    if (request.headers['access-token'] !== this.accessToken) return json(401, { errors: ['Unauthorized'] });
    const path = request.path.replace('/openapi/2022-01', '');
    const [, id, fulfillments] = /^\/orders\/([\w-]+)(\/fulfillments)?$/.exec(path) ?? [];
    if (path === '/shop') return json(200, { shop: { id: '600123', name: '沙盒店', domain: this.domain, currency: 'CNY' } });
    if (path === '/orders' || path === '/orders/count') return this.#list(request.query, path.endsWith('count'));
    if (id !== undefined && id !== 'count') return this.#order(id, fulfillments === undefined ? null : request);
    if (path === '/products' && request.method === 'POST' || path.startsWith('/products/') && request.method === 'PUT') return this.#product(path.slice('/products/'.length), JSON.parse(request.body.toString()) as never);
    if (path === '/variants') return json(200, { variants: [...this.products].flatMap(([product_id, { variants }]) => variants.filter(({ sku }) => sku === request.query.get('skus')).map((variant) => ({ ...variant, product_id }))) .concat(this.store.goods.filter(({ sku }) => sku === request.query.get('skus')).map(({ sku, skuId, goodsId, units }) => ({ id: skuId, product_id: goodsId, sku, inventory_quantity: units, price: '0' }))) });
    if (path.startsWith('/variants/') && request.method === 'PUT') return this.#variant(path.slice('/variants/'.length), JSON.parse(request.body.toString()) as never);
    if (path === '/products') return this.#pageOf('products', this.goods, request.query);
    if (path === `/${this.customersWord}`) return this.#pageOf(this.customersWord, this.customers, request.query);
    if (path === '/webhooks') return this.#webhooks(request);
    return json(404, { errors: ['Not Found'] });
  }

  #list(query: URLSearchParams, countOnly: boolean): SandboxResponse {
    const time = (name: string, otherwise: number): Date => new Date(query.get(name) ?? otherwise);
    const all = this.store.changed(time('updated_at_min', 0), time('updated_at_max', 8.64e15)).reverse();
    if (countOnly) return json(200, { count: all.length });
    const [page, limit] = [Number(query.get('page') ?? '1'), Number(query.get('limit') ?? '10')];
    if (limit > 250) return json(400, { errors: ['limit'] });
    const orders = all.slice((page - 1) * limit, page * limit).map((order) => this.#body(order));
    this.store.betweenPages?.();
    return json(200, { orders });
  }

  #pageOf(name: string, all: readonly object[], query: URLSearchParams): SandboxResponse {
    const [page, limit] = [Number(query.get('page') ?? '1'), Number(query.get('limit') ?? '10')];
    if (limit > 250) return json(400, { errors: ['limit'] });
    const since = query.get('updated_at_min');
    const changed = since === null ? all : all.filter((one) => Date.parse((one as { updated_at: string }).updated_at) >= Date.parse(since));
    return json(200, { [name]: changed.slice((page - 1) * limit, page * limit) });
  }

  #order(id: string, fulfil: SandboxRequest | null): SandboxResponse {
    const order = this.store.orders.get(id);
    if (order === undefined) return json(404, { errors: ['Not Found'] });
    if (fulfil !== null) {
      const { fulfillment } = JSON.parse(fulfil.body.toString()) as { fulfillment: { tracking_number: string; tracking_company: string } };
      order.parcels.push({ number: fulfillment.tracking_number, carrier: fulfillment.tracking_company });
    }
    return json(200, { order: this.#body(order) });
  }

  #body(order: StoredOrder): object {
    return {
      id: order.id, number: `#${order.id.slice(-6)}`, status: 'placed', financial_status: 'paid', fulfillment_status: order.parcels.length === 0 ? 'waiting' : 'shipped', currency: 'CNY',
      created_at: order.createdAt.toISOString(), placed_at: order.createdAt.toISOString(), updated_at: order.updatedAt.toISOString(),
      total_price: yuan(PAID), sub_total: yuan(PAID - POSTAGE), total_discount: '9.80', total_shipping: yuan(POSTAGE), total_tax: '0.00', product_tax_included: true,
      customer_note: '请周末送达', note: null, shipping_line: { name: 'standard' },
      customer: { id: 'FAKECUSTOMER', first_name: 'Test', last_name: 'Buyer', email: 'buyer@example.com' },
      shipping_address: { first_name: 'Test', last_name: 'Buyer', country_code: 'CN', province: 'Zhejiang', city: 'Hangzhou', address: '1 Example Road', zip: '310000' },
      line_items: LINES.map((line, at) => ({ id: `${order.id}-${at}`, sku: line.sku, product_title: line.title, product_id: `p${at}`, variant_id: `v${at}`, quantity: line.quantity, price: yuan(line.price), total: yuan(line.paid) })),
      fulfillments: order.parcels.map(({ number, carrier }) => ({ id: number, tracking_number: number, tracking_company: carrier })),
    };
  }

  #variant(id: string, { variant }: { readonly variant: { readonly inventory_quantity: number } }): SandboxResponse {
    const goods = this.store.goodsOf(({ skuId }) => skuId === id);
    if (goods === undefined) return json(404, { errors: ['Not Found'] });
    goods.units = variant.inventory_quantity;
    return json(200, { variant: { id, sku: goods.sku, inventory_quantity: goods.units } });
  }

  #product(id: string, { product }: { readonly product: { readonly title: string; readonly published?: boolean; readonly options?: readonly object[]; readonly variants: readonly (Partial<Variant> & { readonly option1?: string })[] } }): SandboxResponse {
    const known = this.products.get(id);
    if (id !== '' && known === undefined) return json(404, { errors: ['Not Found'] });
    if (product.variants.length === 0 || new Set(product.variants.map((one) => JSON.stringify([one.option1]))).size < product.variants.length && product.options?.length === 1) return json(422, { errors: ['variants'] });
    const key = id === '' ? `36${20_000_000_000_000_000n + BigInt(this.products.size)}` : id;
    const variants = product.variants.map((one, at) => ({ id: one.id ?? `${key.slice(0, -2)}${at + 50}`, sku: one.sku ?? '', price: one.price ?? '0.00', inventory_quantity: known?.variants.find((old) => old.id === one.id)?.inventory_quantity ?? 0 }));
    this.products.set(key, { title: product.title, published: product.published ?? false, variants });
    return json(200, { product: { id: key, title: product.title, variants } });
  }

  #webhooks(request: SandboxRequest): SandboxResponse {
    if (request.method === 'GET') return json(200, { webhooks: this.webhooks });
    const { address, topic } = JSON.parse(request.body.toString()) as { address: string; topic: string };
    if (!address.startsWith('https://')) return json(422, { errors: ['address'] });
    const webhook = { id: String(this.webhooks.length + 1), address, topic };
    this.webhooks.push(webhook);
    return json(200, { webhook });
  }
}

export const shoplazzaSandbox = (shop: ShoplazzaShop, now: () => number = Date.now): SandboxPlatform => ({
  name: 'shoplazza', owns: (host) => host === shop.domain || host === 'partners.shoplazza.com',
  answer: (request) => (request.path === '/admin/oauth/token' || request.path === '/partner/oauth/token' ? shop.token(request, now()) : generous(shop.answer(request))),
});

/** A shop of a plan that allows more than others, and says so. */
const generous = (answer: SandboxResponse): SandboxResponse => ({ ...answer, headers: { ...answer.headers, 'x-ratelimit-limit': '10' } });
