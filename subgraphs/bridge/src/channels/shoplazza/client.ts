import type { PlatformAnswer } from '../../outbound/outbound.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Rate } from '../../outbound/token-bucket.js';
import { listIn, type JsonObject } from '../asking/answer-object.js';
import { askJson } from '../asking/ask-json.js';
import type { Client, ClientContext, Connector, EnsuredWebhooks, OrderPage, Parcel, PulledOrder, Renewed, StockSet, StockToSet, Window } from '../connector.js';
import { ensureTopics } from '../asking/ensure-topics.js';
import { reversePage } from '../asking/reverse-pages.js';
import { PUBLIC_PRODUCT } from '../asking/shares.js';
import { unlessGone } from '../asking/unless-gone.js';
import { listCustomers, listGoods } from './listing.js';
import { shoplazzaOAuth, tokenUrl } from './oauth.js';
import { REGISTERED } from './topics.js';
import { pushProduct } from './push-product.js';

const PAGE = 50;

/** Shoplazza's Open API, version by setting. Two calls a second until its headers allow more. */
export const shoplazzaConnector: Connector = {
  fields: [
    { name: 'apiVersion', secret: false, standard: '2022-01', form: /^\d{4}-\d{2}$/ },
    // The app whose tokens these are, and where they are renewed: at the shop, or at the partners' site.
    { name: 'clientId', secret: false, standard: '', form: /^[\w-]{0,80}$/ },
    { name: 'oauthHost', secret: false, standard: 'SHOP', form: /^(SHOP|PARTNERS)$/ },
    { name: 'storeId', secret: false, standard: '', form: /^\d{0,20}$/ },
    { name: 'currency', secret: false, standard: 'CNY', form: /^[A-Z]{3}$/ },
    { name: 'clientSecret', secret: true, standard: '', form: /^[\x21-\x7e]{0,128}$/ },
    { name: 'accessToken', secret: true, form: /^[\x21-\x7e]{8,512}$/ },
    { name: 'refreshToken', secret: true, standard: '', form: /^[\x21-\x7e]{0,512}$/ },
  ],
  capabilities: ['pullOrders', 'getOrder', 'pushTracking', 'setStock', 'ensureWebhooks', 'listGoods', 'listCustomers', 'pushProduct'],
  shares: { PRODUCT: PUBLIC_PRODUCT },
  stock: 'ABSOLUTE',
  rate: { burst: 10, perSecond: 2 },
  pull: { everySeconds: 300, overlapSeconds: 300, longestWindowSeconds: 86_400, lagSeconds: 0, firstDays: 30 },
  renew,
  oauth: shoplazzaOAuth,
  open: (context): Client => ({
    check: async () => {
      const { shop } = await call(context, 'GET', '/shop') as { shop?: { name?: string } };
      if (shop?.name === undefined) throw new PlatformError('ANSWER_INVALID');
      return { shopName: shop.name, apiVersion: context.account.settings['apiVersion'] ?? null };
    },
    pullOrders: (window, page) => pullOrders(context, window, page),
    getOrder: async (externalOrderId) => {
      const order = await orderOf(context, externalOrderId);
      return order && pulled(order);
    },
    pushTracking: (parcel) => pushTracking(context, parcel),
    setStock: (levels) => setStock(context, levels),
    ensureWebhooks: (address) => ensureWebhooks(context, address),
    pushProduct: (product) => pushProduct((method, path, options) => call(context, method, path, options), product),
    listGoods: (page, since) => listGoods((path, query) => call(context, 'GET', path, { query }), page, since ?? null),
    listCustomers: (page, since) => listCustomers((path, query) => call(context, 'GET', path, { query }), page, since ?? null),
  }),
};

const call = ({ account, ...context }: ClientContext, method: 'GET' | 'POST' | 'PUT', path: string, { query = {}, json }: { readonly query?: Readonly<Record<string, string>>; readonly json?: unknown } = {}): Promise<JsonObject> => {
  const parameters = new URLSearchParams(query).toString();
  return askJson(context, {
    method, url: `https://${account.shopDomain}/openapi/${account.settings['apiVersion']}${path}${parameters === '' ? '' : `?${parameters}`}`, repeatable: method !== 'POST',
    headers: { 'access-token': account.secrets['accessToken'] ?? '' }, rateOf, ...(json !== undefined && { json }),
  });
};

/** Some shops allow more than the two calls a second that all do, and say so: ten at most. */
function rateOf(headers: PlatformAnswer['headers']): Rate | undefined {
  const limit = headers['x-ratelimit-limit'];
  if (limit === undefined || !/^[1-9]\d{0,5}$/.test(limit)) return undefined;
  const perSecond = Math.max(2, Math.min(10, Number(limit)));
  return { burst: 10, perSecond };
}

interface Order { readonly id: string; readonly updated_at: string; readonly line_items?: readonly { readonly id: string; readonly quantity: string }[]; readonly fulfillments?: readonly { readonly tracking_number?: string }[] }

function pullOrders(context: ClientContext, { from, to }: Window, page: string | null): Promise<OrderPage> {
  const window = { updated_at_min: from.toISOString(), updated_at_max: to.toISOString() };
  return reversePage(page, {
    count: async () => {
      const { count } = await call(context, 'GET', '/orders/count', { query: window }) as { count?: string };
      if (count === undefined) throw new PlatformError('ANSWER_INVALID');
      return Math.ceil(Number(count) / PAGE);
    },
    ordersOf: async (number) => {
      return listIn<Order>(await call(context, 'GET', '/orders', { query: { ...window, page: String(number), limit: String(PAGE) } }), 'orders').map(pulled);
    },
  });
}

async function orderOf(context: ClientContext, externalOrderId: string): Promise<Order | null> {
  const told = await unlessGone(call(context, 'GET', `/orders/${encodeURIComponent(externalOrderId)}`)) as { order?: Order } | null;
  if (told !== null && told.order === undefined) throw new PlatformError('ANSWER_INVALID');
  return told?.order ?? null;
}

function pulled(order: Order): PulledOrder {
  const updatedAt = new Date(order.updated_at);
  if (Number.isNaN(updatedAt.getTime())) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: String(order.id), updatedAt, body: JSON.stringify(order) };
}

async function pushTracking(context: ClientContext, { externalOrderId, trackingNumber, carrier, trackingUrl, lines }: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  const order = await orderOf(context, externalOrderId);
  if (order === null) throw new PlatformError('NOT_FOUND');
  if (order.fulfillments?.some(({ tracking_number: number }) => number === trackingNumber) === true) return 'ALREADY_THERE';
  const items = lines?.map(({ externalLineId, quantity }) => ({ id: externalLineId, ship_quantity: quantity })) ?? order.line_items?.map(({ id, quantity }) => ({ id, ship_quantity: Number(quantity) }));
  await call(context, 'POST', `/orders/${encodeURIComponent(externalOrderId)}/fulfillments`, { json: { fulfillment: { line_items: items, tracking_number: trackingNumber, tracking_company: carrier, ...(trackingUrl !== null && { tracking_url: trackingUrl }) } } });
  return 'WRITTEN';
}

interface Variant { readonly id: string; readonly sku?: string; readonly inventory_quantity?: string }

async function setStock(context: ClientContext, levels: readonly StockToSet[]): Promise<readonly StockSet[]> {
  const results: StockSet[] = [];
  for (const { externalSku, quantity } of levels) {
    const found = listIn<Variant>(await call(context, 'GET', '/variants', { query: { skus: externalSku } }), 'variants').filter(({ sku }) => sku === externalSku);
    for (const { id } of found) {
      // Its levels can only be added to; the variant's own figure can be lowered, and is read back.
      const { variant } = await call(context, 'PUT', `/variants/${encodeURIComponent(id)}`, { json: { variant: { inventory_quantity: quantity } } }) as { variant?: Variant };
      if (variant?.inventory_quantity !== String(quantity)) throw new PlatformError('REQUEST_REFUSED', { platformCode: 'STOCK_NOT_TAKEN' });
    }
    results.push({ externalSku, result: found.length === 0 ? 'UNKNOWN_SKU' : 'SET' });
  }
  return results;
}

interface Webhook { readonly address: string; readonly topic: string }

/** Shoplazza ends a subscription that was not answered for two days. */
async function ensureWebhooks(context: ClientContext, address: string): Promise<EnsuredWebhooks> {
  const webhooks = listIn<Webhook>(await call(context, 'GET', '/webhooks'), 'webhooks');
  return ensureTopics(REGISTERED, (topic) => webhooks.some((one) => one.topic === topic && one.address === address), (topic) => call(context, 'POST', '/webhooks', { json: { address, topic } }));
}

interface Tokens { readonly access_token?: string; readonly refresh_token?: string; readonly expires_in?: string }

/** A token lives for about a year; renewing gives both anew. */
async function renew({ account, line, now }: ClientContext): Promise<Renewed> {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: lives = '' } = await askJson({ line }, {
    method: 'POST', url: tokenUrl(account.settings['oauthHost'] ?? 'SHOP', account.shopDomain ?? ''), repeatable: false,
    json: { client_id: account.settings['clientId'], client_secret: account.secrets['clientSecret'], refresh_token: account.secrets['refreshToken'], grant_type: 'refresh_token' },
    refusal: ({ status }) => (status === 400 ? new PlatformError('CREDENTIALS_REFUSED', { status }) : undefined),
  }) as Tokens;
  if (!accessToken || !refreshToken || !/^\d{1,10}$/.test(lives)) throw new PlatformError('ANSWER_INVALID');
  return { secrets: { accessToken, refreshToken }, expiresAt: new Date(now().getTime() + Number(lives) * 1000) };
}
