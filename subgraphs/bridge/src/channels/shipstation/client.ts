import { money, toDecimal } from '@quanyu/money';
import { PlatformError } from '../../outbound/platform-error.js';
import { listIn, type JsonObject } from '../asking/answer-object.js';
import { askJson } from '../asking/ask-json.js';
import { TAKES_FORM } from '../../domain/takers.js';
import type { Client, ClientContext, Connector, EnsuredWebhooks, GivenOrder, GivenPage, OrderPushed, OrderToPush, OrderToRecall, Shipment, ShipmentPage, Window } from '../connector.js';
import { ensureTopics } from '../asking/ensure-topics.js';
import { packingNotes } from '../reading/packing-notes.js';
import { fromPacific, pacificWindow, toPacific } from '../reading/pacific-time.js';
import { ORDER_TO_SHIP } from '../asking/shares.js';
import { basic } from './signer.js';

const HOST = 'https://ssapi.shipstation.com';
const PAGE = 100;
/** Of orders, the most that it gives: a day of them costs few of the forty calls a minute. */
const ORDERS_A_PAGE = 500;
/** Of one import; more are found by the next reading. */
const PAGES = 20;

/** ShipStation, API v1: it ships and prints labels, and is told orders by one key each. */
export const shipstationConnector: Connector = {
  fields: [
    { name: 'apiKey', secret: false, form: /^[\x21-\x7e]{8,64}$/ },
    // Which of its stores an order of a platform goes to: `TAOBAO=101,DOUYIN=102`; others go to the standard one, with their platform's name in a field.
    { name: 'stores', secret: false, standard: '', form: /^([A-Z0-9_]{1,40}=\d{1,12}(,(?=[A-Z])|$))*$/ },
    { name: 'takes', secret: false, standard: 'ALL', form: TAKES_FORM },
    { name: 'apiSecret', secret: true, form: /^[\x21-\x7e]{8,64}$/ },
  ],
  capabilities: ['pushOrder', 'recallOrder', 'givenOrders', 'pullShipments', 'shipmentsAt', 'ensureWebhooks'],
  takesOrders: 'SHIP',
  shares: { ORDER: ORDER_TO_SHIP },
  // Less than five minutes, so that a number whose push got lost is at its marketplace within five.
  shipments: { everySeconds: 240, overlapSeconds: 1_800, longestWindowSeconds: 7 * 86_400, lagSeconds: 0, firstDays: 1 },
  secretInAddress: true,
  stock: null,
  rate: { burst: 40, perSecond: 40 / 60 },
  pull: null,
  open: (context): Client => ({
    check: async () => {
      const { total } = await call(context, 'GET', '/orders', { query: { pageSize: '1' } });
      if (total === undefined) throw new PlatformError('ANSWER_INVALID');
      return { shopName: 'ShipStation', apiVersion: 'v1' };
    },
    pushOrder: (order) => pushOrder(context, order),
    recallOrder: (order) => recallOrder(context, order),
    givenOrders: (window, page) => givenOrders(context, window, page),
    pullShipments: (window, page) => pullShipments(context, window, page),
    shipmentsAt: (resourceUrl) => shipmentsAt(context, resourceUrl),
    ensureWebhooks: (address) => ensureWebhooks(context, address),
  }),
};

interface Call { readonly query?: Readonly<Record<string, string>>; readonly json?: unknown }

const call = (context: ClientContext, method: 'GET' | 'POST' | 'DELETE', path: string, { query = {}, json }: Call, host = HOST): Promise<JsonObject> => askJson(context, {
  method, url: `${host}${path}?${new URLSearchParams(query).toString()}`, ...(json !== undefined && { json }),
  headers: { authorization: basic(context.account.settings['apiKey'] ?? '', context.account.secrets['apiSecret'] ?? '') },
  // An order is written under its key: the same one again is the same order.
  repeatable: true,
});

interface Order { readonly orderId: string; readonly orderKey?: string; readonly orderStatus?: string; readonly createDate?: string }

/** A number may be the beginning of others: only the key says which order is ours. */
async function orderOf(context: ClientContext, orderNumber: string, sourceId: string): Promise<Order | undefined> {
  return listIn<Order>(await call(context, 'GET', '/orders', { query: { orderNumber, pageSize: '100' } }), 'orders').find(({ orderKey }) => orderKey === sourceId);
}

async function pushOrder(context: ClientContext, order: OrderToPush): Promise<OrderPushed> {
  // Looked for first: writing again would clear what people there have added, and a shipped one refuses it.
  const store = storeOf(order, context.account.settings['stores'] ?? '');
  const known = await orderOf(context, order.orderNumber, order.sourceId);
  if (known !== undefined) return { externalOrderId: String(known.orderId), result: 'ALREADY_THERE', store: store ?? order.platform };
  const { orderId } = await call(context, 'POST', '/orders/createorder', { json: bodyOf(order, store) }) as { orderId?: string };
  if (orderId === undefined) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: String(orderId), result: 'WRITTEN', store: store ?? order.platform };
}

/** Takes it from the list of who packs; what has a label stays. */
async function recallOrder(context: ClientContext, { sourceId, orderNumber }: OrderToRecall): Promise<'RECALLED' | 'TOO_LATE'> {
  const known = await orderOf(context, orderNumber, sourceId);
  if (known === undefined || known.orderStatus === 'cancelled') return 'RECALLED';
  if (known.orderStatus === 'shipped') return 'TOO_LATE';
  await call(context, 'DELETE', `/orders/${encodeURIComponent(known.orderId)}`, {});
  return 'RECALLED';
}

/** The store that stands for a platform; undefined where it has none, and the order says its platform in a field. */
const storeOf = ({ platform }: OrderToPush, stores: string): string | undefined => stores.split(',').map((pair) => pair.split('=')).find(([name]) => name === platform)?.[1];

function bodyOf(order: OrderToPush, storeId: string | undefined): object {
  // A number as JSON writes it has the same digits as the text it is made of.
  const amount = (minor: number): number => Number(toDecimal(money(minor, order.currency)));
  const { shipTo: to } = order;
  const address = { name: to.name, phone: to.phone, street1: to.address1, street2: to.address2, city: to.city, state: to.province, postalCode: to.postalCode, country: to.countryCode };
  const { buyer, gift, internal } = packingNotes(order);
  const discount = order.discountMinor === 0 ? [] : [{ lineItemKey: 'discount', sku: '', name: 'Discount', quantity: 1, unitPrice: amount(-order.discountMinor), adjustment: true }];
  const wish = order.shippingHints?.method;
  return {
    orderKey: order.sourceId, orderNumber: order.orderNumber, orderDate: toPacific(order.placedAt).replace(' ', 'T'), orderStatus: 'awaiting_shipment',
    billTo: { name: to.name }, shipTo: address,
    items: [...order.lines.map((line) => ({ lineItemKey: line.lineId, sku: line.externalSku, name: line.title, quantity: line.quantity, unitPrice: amount(line.unitPriceMinor) })), ...discount],
    amountPaid: amount(order.totalMinor), shippingAmount: amount(order.shippingMinor), taxAmount: amount(order.taxMinor), ...(wish && { requestedShippingService: wish }),
    customerNotes: buyer, internalNotes: internal, gift: gift !== null, giftMessage: gift,
    advancedOptions: { ...(storeId !== undefined && { storeId: Number(storeId) }), source: order.platform, customField1: `${order.platform}:${order.externalOrderId}`, customField2: order.sourceId },
  };
}

async function givenOrders(context: ClientContext, window: Window, page: string | null): Promise<GivenPage> {
  const { from, to } = pacificWindow(window);
  const number = Number(page ?? '1');
  const read = await call(context, 'GET', '/orders', { query: { createDateStart: from, createDateEnd: to, sortBy: 'CreateDate', sortDir: 'ASC', page: String(number), pageSize: String(ORDERS_A_PAGE) } });
  return { orders: listIn<Order>(read, 'orders').map(givenOrder), next: number < Number(read['pages'] ?? '0') ? String(number + 1) : null };
}

function givenOrder({ orderId, orderKey, orderStatus, createDate = '' }: Order): GivenOrder {
  const writtenAt = fromPacific(createDate);
  if (writtenAt === null) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: String(orderId), sourceId: orderKey || null, writtenAt, cancelled: orderStatus === 'cancelled' };
}

interface RawShipment {
  readonly shipmentId: string; readonly orderId: string; readonly orderKey?: string | null; readonly trackingNumber?: string | null;
  readonly carrierCode?: string | null; readonly serviceCode?: string | null; readonly shipDate?: string; readonly createDate?: string; readonly voided?: boolean; readonly isReturnLabel?: boolean;
  readonly shipmentItems?: readonly { readonly lineItemKey?: string | null; readonly quantity?: string }[] | null;
}

async function pullShipments(context: ClientContext, window: Window, page: string | null): Promise<ShipmentPage> {
  const { from, to } = pacificWindow(window);
  const number = Number(page ?? '1');
  const read = await call(context, 'GET', '/shipments', {
    query: { createDateStart: from, createDateEnd: to, sortBy: 'CreateDate', sortDir: 'ASC', page: String(number), pageSize: String(PAGE), includeShipmentItems: 'true' },
  });
  return { shipments: listIn<RawShipment>(read, 'shipments').flatMap(shipmentOf), next: number < Number(read['pages'] ?? '0') ? String(number + 1) : null };
}

const OWN_HOST = /^ssapi\d*\.shipstation\.com$/;

/** The parcels of an import that a push named: at ShipStation's own addresses, with our key, and nothing else of what the push says is believed. */
async function shipmentsAt(context: ClientContext, resourceUrl: string): Promise<readonly Shipment[]> {
  const url = URL.canParse(resourceUrl) ? new URL(resourceUrl) : null;
  if (url === null || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || !OWN_HOST.test(url.hostname) || !/^\/(shipments|fulfillments)$/.test(url.pathname)) throw new PlatformError('ADDRESS_NOT_ALLOWED', { host: url?.hostname ?? '' });
  const query = Object.fromEntries(url.searchParams);
  const shipments: Shipment[] = [];
  for (let page = 1, pages = 1; page <= Math.min(pages, PAGES); page += 1) {
    const read = await call(context, 'GET', url.pathname, { query: { ...query, page: String(page), pageSize: String(PAGE), includeShipmentItems: 'true' } }, url.origin);
    shipments.push(...listIn<RawShipment>(read, 'shipments', 'fulfillments').flatMap(shipmentOf));
    pages = Number(read['pages'] ?? '1');
  }
  return shipments;
}

interface Hook { readonly HookType?: string | null; readonly URL?: string | null; readonly Active?: boolean }
const EVENTS = ['SHIP_NOTIFY', 'FULFILLMENT_SHIPPED'];

async function ensureWebhooks(context: ClientContext, address: string): Promise<EnsuredWebhooks> {
  const webhooks = listIn<Hook>(await call(context, 'GET', '/webhooks', {}), 'webhooks');
  return ensureTopics(EVENTS, (event) => webhooks.some((hook) => hook.HookType === event && hook.URL === address && hook.Active !== false),
    (event) => call(context, 'POST', '/webhooks/subscribe', { json: { target_url: address, event, store_id: null, friendly_name: 'quanyu' } }));
}

/** A label without a number, a stamp, cannot be told to a buyer; nor one for the way back. */
export function shipmentOf(raw: RawShipment): Shipment[] {
  const shippedAt = fromPacific(raw.createDate ?? '') ?? fromPacific(`${raw.shipDate ?? ''}T00:00:00`);
  if (shippedAt === null) throw new PlatformError('ANSWER_INVALID');
  return raw.trackingNumber && raw.isReturnLabel !== true ? [{
    externalShipmentId: String(raw.shipmentId), externalOrderId: String(raw.orderId), sourceId: raw.orderKey ?? null,
    trackingNumber: raw.trackingNumber, carrier: raw.carrierCode ?? '', service: raw.serviceCode ?? null, shippedAt, voided: raw.voided === true, lines: contentOf(raw),
  }] : [];
}

/** Null where it is not told, or not in our words: then it holds all that is left. */
function contentOf({ shipmentItems }: RawShipment): Shipment['lines'] {
  if (!shipmentItems || shipmentItems.length === 0) return null;
  const lines = shipmentItems.flatMap(({ lineItemKey, quantity = '' }) => (lineItemKey && /^\d{1,9}$/.test(quantity) && quantity !== '0' ? [{ lineId: lineItemKey, quantity: Number(quantity) }] : []));
  return lines.some(({ lineId }) => lineId.startsWith('lin_')) ? lines.filter(({ lineId }) => lineId.startsWith('lin_')) : null;
}
