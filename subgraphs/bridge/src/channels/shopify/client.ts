import type { Client, ClientContext, Connector, OrderPage, Parcel, PulledOrder, StockSet, StockToSet, Window } from '../connector.js';
import { carrierName } from './carriers.js';
import { MONEY, ORDER_FIELDS, type GraphOrder } from './from-graph.js';
import { ask, numberOf, refuseUserErrors } from './graph.js';
import { listCustomers, listGoods } from './listing.js';
import { shopifyOAuth } from './oauth.js';
import { ensureWebhooks } from './webhooks.js';
import { pushOrder, pushProduct, recallOrder } from './push.js';
import { ORDER_TO_PACK, PUBLIC_PRODUCT } from '../asking/shares.js';

const PAGE = 50;
const ORDERS = `query Orders($query: String!, $first: Int!, $after: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { pageInfo { hasNextPage endCursor } nodes { ${ORDER_FIELDS} } }
} ${MONEY}`;
const ORDER = `query Order($id: ID!) { order(id: $id) { ${ORDER_FIELDS} } } ${MONEY}`;
const SHOP = 'query Shop { shop { name } }';
const PARCELS = `query Parcels($id: ID!) {
  order(id: $id) {
    fulfillments(first: 50) { trackingInfo { number } }
    fulfillmentOrders(first: 20) { nodes { id status lineItems(first: 100) { nodes { id remainingQuantity lineItem { id } } } } }
  }
}`;
const FULFIL = `mutation Fulfil($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } } }`;
const ITEMS = `query Items($query: String!, $first: Int!) { productVariants(first: $first, query: $query) { nodes { sku inventoryItem { id } } } }`;
const SET = `mutation SetStock($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) { userErrors { code field message } } }`;

const STALE = 'COMPARE_QUANTITY_STALE';

const gid = (kind: 'Order' | 'Location' | 'LineItem', number: string): string => `gid://shopify/${kind}/${number}`;
const pulled = (order: GraphOrder): PulledOrder => ({ externalOrderId: numberOf(order.id), updatedAt: new Date(order.updatedAt), body: JSON.stringify(order) });

/** Shopify's Admin GraphQL API, version by setting. */
export const shopifyConnector: Connector = {
  fields: [
    { name: 'apiVersion', secret: false, standard: '2025-01', form: /^\d{4}-(01|04|07|10)$/ },
    { name: 'locationId', secret: false, standard: '', form: /^\d{0,20}$/ },
    // Of the prices that products are given with.
    { name: 'currency', secret: false, standard: 'CNY', form: /^[A-Z]{3}$/ },
    { name: 'accessToken', secret: true, form: /^[\x21-\x7e]{8,255}$/ },
  ],
  capabilities: ['pullOrders', 'getOrder', 'pushTracking', 'setStock', 'pushProduct', 'pushOrder', 'recallOrder', 'ensureWebhooks', 'listGoods', 'listCustomers'],
  shares: { PRODUCT: PUBLIC_PRODUCT, ORDER: ORDER_TO_PACK },
  stock: 'COMPARE_AND_SET',
  // The smallest plan's budget until the first answer tells the shop's own.
  rate: { burst: 1000, perSecond: 50 },
  oauth: shopifyOAuth,
  pull: { everySeconds: 300, overlapSeconds: 300, longestWindowSeconds: 86_400, lagSeconds: 0, firstDays: 30 },
  open: (context): Client => ({
    check: async () => {
      const { data, apiVersion } = await ask<{ shop: { name: string } }>(context, SHOP, {}, { points: 1, repeatable: true });
      return { shopName: data.shop.name, apiVersion };
    },
    pullOrders: (window, page) => pullOrders(context, window, page),
    getOrder: async (externalOrderId) => {
      const { data } = await ask<{ order: GraphOrder | null }>(context, ORDER, { id: gid('Order', externalOrderId) }, { points: 30, repeatable: true });
      return data.order && pulled(data.order);
    },
    pushTracking: (parcel) => pushTracking(context, parcel),
    setStock: (levels) => setStock(context, levels),
    ensureWebhooks: (address) => ensureWebhooks(context, address),
    listGoods: (page, since) => listGoods(context, page, since ?? null),
    listCustomers: (page, since) => listCustomers(context, page, since ?? null),
    pushProduct: (product) => pushProduct(context, product),
    pushOrder: (order) => pushOrder(context, order),
    recallOrder: (order) => recallOrder(context, order),
  }),
};

async function pullOrders(context: ClientContext, { from, to }: Window, page: string | null): Promise<OrderPage> {
  const query = `updated_at:>='${from.toISOString()}' AND updated_at:<'${to.toISOString()}'`;
  const { data: { orders } } = await ask<{ orders: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: readonly GraphOrder[] } }>(
    context, ORDERS, { query, first: PAGE, after: page }, { points: 400, repeatable: true });
  return { orders: orders.nodes.map(pulled), next: orders.pageInfo.hasNextPage ? orders.pageInfo.endCursor : null };
}

interface FulfillmentOrder { readonly id: string; readonly status: string; readonly lineItems: { readonly nodes: readonly { readonly id: string; readonly remainingQuantity: number; readonly lineItem: { readonly id: string } }[] } }

async function pushTracking(context: ClientContext, parcel: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  const { data: { order } } = await ask<{ order: { fulfillments: { trackingInfo: { number: string | null }[] }[]; fulfillmentOrders: { nodes: FulfillmentOrder[] } } | null }>(
    context, PARCELS, { id: gid('Order', parcel.externalOrderId) }, { points: 100, repeatable: true });
  if (order?.fulfillments.some(({ trackingInfo }) => trackingInfo.some(({ number }) => number === parcel.trackingNumber)) === true) return 'ALREADY_THERE';
  const open = (order?.fulfillmentOrders.nodes ?? []).filter(({ status }) => status === 'OPEN' || status === 'IN_PROGRESS');
  // Not tried again when the answer got lost: the next try finds the parcel there.
  const { data } = await ask<{ fulfillmentCreate: { userErrors: { code?: string }[] } }>(context, FULFIL, {
    fulfillment: {
      lineItemsByFulfillmentOrder: open.flatMap((one) => shareOf(one, parcel.lines)),
      trackingInfo: { number: parcel.trackingNumber, company: carrierName(parcel.carrier), url: parcel.trackingUrl },
      notifyCustomer: true,
    },
  }, { points: 10, repeatable: false });
  refuseUserErrors(data.fulfillmentCreate.userErrors);
  return 'WRITTEN';
}

/** What of a fulfilment order the parcel holds. */
function shareOf({ id, lineItems }: FulfillmentOrder, lines: Parcel['lines']): object[] {
  if (lines === null) return [{ fulfillmentOrderId: id }];
  const items = lineItems.nodes.flatMap((item) => {
    const quantity = Math.min(item.remainingQuantity, lines.find(({ externalLineId }) => externalLineId === numberOf(item.lineItem.id))?.quantity ?? 0);
    return quantity === 0 ? [] : [{ id: item.id, quantity }];
  });
  return items.length === 0 ? [] : [{ fulfillmentOrderId: id, fulfillmentOrderLineItems: items }];
}

async function setStock(context: ClientContext, levels: readonly StockToSet[]): Promise<readonly StockSet[]> {
  const items = await itemsOf(context, levels.map(({ externalSku }) => externalSku));
  const known = levels.filter(({ externalSku }) => items.has(externalSku));
  // Comparing is a switch of the whole call.
  const stale = await setCompared(context, known.filter(({ expected }) => expected !== null), items);
  refuseUserErrors(await setQuantities(context, known.filter(({ expected }) => expected === null), items, false));
  return levels.map((level) => ({ externalSku: level.externalSku, result: !items.has(level.externalSku) ? 'UNKNOWN_SKU' : stale.has(level) ? 'CHANGED_MEANWHILE' : 'SET' }));
}

async function itemsOf(context: ClientContext, skus: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const query = skus.map((sku) => `sku:"${sku.replaceAll(/["\\]/g, '\\$&')}"`).join(' OR ');
  const { data } = await ask<{ productVariants: { nodes: { sku: string | null; inventoryItem: { id: string } }[] } }>(context, ITEMS, { query, first: 250 }, { points: 250, repeatable: true });
  return new Map(data.productVariants.nodes.flatMap(({ sku, inventoryItem }) => (sku === null ? [] : [[sku, inventoryItem.id]])));
}

/** Shopify sets all or none: those that show another figure than expected are left out, and the others set again. */
async function setCompared(context: ClientContext, levels: readonly StockToSet[], items: ReadonlyMap<string, string>): Promise<ReadonlySet<StockToSet>> {
  const errors = await setQuantities(context, levels, items, true);
  refuseUserErrors(errors.filter(({ code }) => code !== STALE));
  if (errors.length === 0) return new Set();
  // field: input, quantities, 3, compareQuantity
  const named = levels.filter((_level, at) => errors.some(({ field }) => field?.[2] === String(at)));
  if (named.length === 0) return new Set(levels);
  return new Set([...named, ...await setCompared(context, levels.filter((level) => !named.includes(level)), items)]);
}

interface SetError { readonly code: string | null; readonly field: readonly string[] | null }

async function setQuantities({ account, ...context }: ClientContext, levels: readonly StockToSet[], items: ReadonlyMap<string, string>, compare: boolean): Promise<readonly SetError[]> {
  if (levels.length === 0) return [];
  const locationId = gid('Location', account.settings['locationId'] ?? '');
  const { data } = await ask<{ inventorySetQuantities: { userErrors: SetError[] } }>({ account, ...context }, SET, {
    input: {
      name: 'available', reason: 'correction', ignoreCompareQuantity: !compare,
      quantities: levels.map(({ externalSku, quantity, expected }) => ({ inventoryItemId: items.get(externalSku), locationId, quantity, ...(compare && { compareQuantity: expected }) })),
    },
  }, { points: 10, repeatable: true });
  return data.inventorySetQuantities.userErrors;
}
