import { money, toDecimal } from '@quanyu/money';
import { PlatformError } from '../../outbound/platform-error.js';
import type { JsonObject } from '../answer-object.js';
import { askJson } from '../ask-json.js';
import type { Client, ClientContext, Connector, OrderPushed, OrderToPush, Shipment, ShipmentPage, Window } from '../connector.js';
import { fromPacific, pacificWindow, toPacific } from '../pacific-time.js';
import { basic } from './signer.js';

const HOST = 'https://ssapi.shipstation.com';
const PAGE = 100;

/** ShipStation, API v1: it ships and prints labels, and is told orders by one key each. */
export const shipstationConnector: Connector = {
  fields: [
    { name: 'apiKey', secret: false, form: /^[\x21-\x7e]{8,64}$/ },
    // Which of its stores an order of a platform goes to: `TAOBAO=101,DOUYIN=102`; others go to the standard one, with their platform's name in a field.
    { name: 'stores', secret: false, standard: '', form: /^([A-Z0-9_]{1,40}=\d{1,12}(,(?=[A-Z])|$))*$/ },
    { name: 'apiSecret', secret: true, form: /^[\x21-\x7e]{8,64}$/ },
  ],
  capabilities: ['pushOrder', 'pullShipments'],
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
    pullShipments: (window, page) => pullShipments(context, window, page),
  }),
};

interface Call { readonly query?: Readonly<Record<string, string>>; readonly json?: unknown }

const call = (context: ClientContext, method: 'GET' | 'POST', path: string, { query = {}, json }: Call): Promise<JsonObject> => askJson(context, {
  method, url: `${HOST}${path}?${new URLSearchParams(query).toString()}`, ...(json !== undefined && { json }),
  headers: { authorization: basic(context.account.settings['apiKey'] ?? '', context.account.secrets['apiSecret'] ?? '') },
  // An order is written under its key: the same one again is the same order.
  repeatable: true,
});

interface Order { readonly orderId: string; readonly orderKey?: string }

async function pushOrder(context: ClientContext, order: OrderToPush): Promise<OrderPushed> {
  // Looked for first: writing again would clear what people there have added, and a shipped one refuses it.
  const { orders = [] } = await call(context, 'GET', '/orders', { query: { orderNumber: order.orderNumber, pageSize: '100' } }) as { orders?: readonly Order[] };
  const known = orders.find(({ orderKey }) => orderKey === order.sourceId);
  if (known !== undefined) return { externalOrderId: String(known.orderId), result: 'ALREADY_THERE' };
  const { orderId } = await call(context, 'POST', '/orders/createorder', { json: bodyOf(order, context.account.settings['stores'] ?? '') }) as { orderId?: string };
  if (orderId === undefined) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: String(orderId), result: 'WRITTEN' };
}

function bodyOf(order: OrderToPush, stores: string): object {
  // A number as JSON writes it has the same digits as the text it is made of.
  const amount = (minor: number): number => Number(toDecimal(money(minor, order.currency)));
  const { shipTo: to } = order;
  const address = { name: to.name, phone: to.phone, street1: to.address1, street2: to.address2, city: to.city, state: to.province, postalCode: to.postalCode, country: to.countryCode };
  const storeId = stores.split(',').map((pair) => pair.split('=')).find(([platform]) => platform === order.platform)?.[1];
  const discount = order.discountMinor === 0 ? [] : [{ lineItemKey: 'discount', sku: '', name: 'Discount', quantity: 1, unitPrice: amount(-order.discountMinor), adjustment: true }];
  return {
    orderKey: order.sourceId, orderNumber: order.orderNumber, orderDate: toPacific(order.placedAt).replace(' ', 'T'), orderStatus: 'awaiting_shipment',
    billTo: { name: to.name }, shipTo: address,
    items: [...order.lines.map((line) => ({ lineItemKey: line.lineId, sku: line.externalSku, name: line.title, quantity: line.quantity, unitPrice: amount(line.unitPriceMinor) })), ...discount],
    amountPaid: amount(order.totalMinor), shippingAmount: amount(order.shippingMinor), taxAmount: amount(order.taxMinor),
    advancedOptions: { ...(storeId !== undefined && { storeId: Number(storeId) }), source: order.platform, customField1: `${order.platform}:${order.externalOrderId}`, customField2: order.sourceId },
  };
}

interface RawShipment {
  readonly shipmentId: string; readonly orderId: string; readonly orderKey?: string | null; readonly trackingNumber?: string | null;
  readonly carrierCode?: string | null; readonly shipDate?: string; readonly createDate?: string; readonly voided?: boolean;
}

async function pullShipments(context: ClientContext, window: Window, page: string | null): Promise<ShipmentPage> {
  const { from, to } = pacificWindow(window);
  const number = Number(page ?? '1');
  const { shipments = [], pages = '0' } = await call(context, 'GET', '/shipments', {
    query: { createDateStart: from, createDateEnd: to, sortBy: 'CreateDate', sortDir: 'ASC', page: String(number), pageSize: String(PAGE) },
  }) as { shipments?: readonly RawShipment[]; pages?: string };
  return { shipments: shipments.flatMap(shipmentOf), next: number < Number(pages) ? String(number + 1) : null };
}

/** A label without a number, a stamp, cannot be told to a buyer. */
export function shipmentOf(raw: RawShipment): Shipment[] {
  const shippedAt = fromPacific(raw.createDate ?? '') ?? fromPacific(`${raw.shipDate ?? ''}T00:00:00`);
  if (shippedAt === null) throw new PlatformError('ANSWER_INVALID');
  return raw.trackingNumber ? [{
    externalShipmentId: String(raw.shipmentId), externalOrderId: String(raw.orderId), sourceId: raw.orderKey ?? null,
    trackingNumber: raw.trackingNumber, carrier: raw.carrierCode ?? '', shippedAt, voided: raw.voided === true,
  }] : [];
}
