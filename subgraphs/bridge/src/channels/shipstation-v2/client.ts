import { money, toDecimal } from '@quanyu/money';
import { TAKES_FORM } from '../../domain/takers.js';
import { PlatformError } from '../../outbound/platform-error.js';
import { listIn, type JsonObject } from '../asking/answer-object.js';
import { askJson } from '../asking/ask-json.js';
import type { Client, ClientContext, Connector, EnsuredWebhooks, GivenOrder, GivenPage, OrderPushed, OrderToPush, OrderToRecall, Shipment, ShipmentPage, Window } from '../connector.js';
import { ensureTopics } from '../asking/ensure-topics.js';
import { packingNotes } from '../reading/packing-notes.js';
import { ORDER_TO_SHIP } from '../asking/shares.js';
import { unlessGone } from '../asking/unless-gone.js';

const HOST = 'https://api.shipstation.com';
const PAGE = 100;
/** Pushed when a label has been made. */
export const LABELS_EVENT = 'label_created_v2';

/** ShipStation, API v2: orders are shipments under an id of ours, parcels are labels. */
export const shipstationV2Connector: Connector = {
  fields: [
    { name: 'warehouseId', secret: false, form: /^se-\d{1,20}$/ },
    // As for API v1: which of its stores stands for a platform.
    { name: 'stores', secret: false, standard: '', form: /^([A-Z0-9_]{1,40}=[\w-]{1,40}(,(?=[A-Z])|$))*$/ },
    { name: 'takes', secret: false, standard: 'ALL', form: TAKES_FORM },
    // The keys that it signs pushes with, as it hands them out; filled in by the hourly look at our webhooks.
    { name: 'webhookKeys', secret: false, standard: '', form: /^(\{.{2,8000}\})?$/ },
    { name: 'apiKey', secret: true, form: /^[\x21-\x7e]{8,128}$/ },
  ],
  capabilities: ['pushOrder', 'recallOrder', 'givenOrders', 'pullShipments', 'ensureWebhooks'],
  takesOrders: 'SHIP',
  shares: { ORDER: ORDER_TO_SHIP },
  shipments: { everySeconds: 240, overlapSeconds: 1_800, longestWindowSeconds: 7 * 86_400, lagSeconds: 0, firstDays: 1 },
  stock: null,
  rate: { burst: 50, perSecond: 200 / 60 },
  pull: null,
  open: (context): Client => ({
    check: async () => {
      const { carriers } = await call(context, 'GET', '/v2/carriers') as { carriers?: unknown };
      if (!Array.isArray(carriers)) throw new PlatformError('ANSWER_INVALID');
      return { shopName: 'ShipStation', apiVersion: 'v2' };
    },
    pushOrder: (order) => pushOrder(context, order),
    recallOrder: (order) => recallOrder(context, order),
    givenOrders: (window, page) => givenOrders(context, window, page),
    pullShipments: (window, page) => pullShipments(context, window, page),
    ensureWebhooks: (address) => ensureWebhooks(context, address),
  }),
};

const call = (context: ClientContext, method: 'GET' | 'POST' | 'PUT', path: string, { query = {}, json }: { readonly query?: Readonly<Record<string, string>>; readonly json?: unknown } = {}): Promise<JsonObject> => askJson(context, {
  method, url: `${HOST}${path}${Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query).toString()}`}`, headers: { 'api-key': context.account.secrets['apiKey'] ?? '' }, ...(json !== undefined && { json }),
  // A shipment is written under an id of ours, which cannot be there twice.
  repeatable: method !== 'POST',
});

interface Written { readonly shipment_id: string; readonly shipment_status?: string; readonly external_shipment_id?: string | null; readonly created_at?: string }

async function shipmentOf(context: ClientContext, sourceId: string): Promise<Written | null> {
  const shipment = await unlessGone(call(context, 'GET', `/v2/shipments/external_shipment_id/${encodeURIComponent(sourceId)}`)) as Partial<Written> | null;
  if (shipment !== null && shipment.shipment_id === undefined) throw new PlatformError('ANSWER_INVALID');
  return shipment as Written | null;
}

async function pushOrder(context: ClientContext, order: OrderToPush): Promise<OrderPushed> {
  const storeId = (context.account.settings['stores'] ?? '').split(',').map((pair) => pair.split('=')).find(([platform]) => platform === order.platform)?.[1];
  const known = await shipmentOf(context, order.sourceId);
  if (known !== null) return { externalOrderId: known.shipment_id, result: 'ALREADY_THERE', store: storeId ?? order.platform };
  const answer = await call(context, 'POST', '/v2/shipments', { json: { shipments: [bodyOf(order, context.account.settings['warehouseId'] ?? '', storeId)] } });
  const [written] = listIn<Partial<Written>>(answer, 'shipments');
  if (written?.shipment_id === undefined) throw new PlatformError('REQUEST_REFUSED');
  return { externalOrderId: written.shipment_id, result: 'WRITTEN', store: storeId ?? order.platform };
}

function bodyOf(order: OrderToPush, warehouseId: string, storeId: string | undefined): object {
  const amount = (minor: number): object => ({ currency: order.currency.toLowerCase(), amount: Number(toDecimal(money(minor, order.currency))) });
  const { shipTo: to, shippingHints } = order;
  const { buyer, gift, internal } = packingNotes(order);
  return {
    external_shipment_id: order.sourceId, shipment_number: order.orderNumber, create_sales_order: true, warehouse_id: warehouseId, ...(storeId !== undefined && { store_id: storeId }),
    ship_to: {
      name: to.name ?? '', phone: to.phone ?? '', address_line1: to.address1 ?? '', address_line2: to.address2, city_locality: to.city ?? '', state_province: to.province ?? '',
      postal_code: to.postalCode ?? '', country_code: to.countryCode ?? '', address_residential_indicator: 'unknown',
    },
    items: order.lines.map((line) => ({ external_order_item_id: line.lineId, sku: line.externalSku, name: line.title, quantity: line.quantity, unit_price: Number(toDecimal(money(line.unitPriceMinor, order.currency))) })),
    amount_paid: amount(order.totalMinor), shipping_paid: amount(order.shippingMinor), tax_paid: amount(order.taxMinor), ...(shippingHints?.method && { requested_shipment_service: shippingHints.method }),
    notes_from_buyer: buyer, internal_notes: internal, is_gift: gift !== null, notes_for_gift: gift,
    advanced_options: { custom_field1: `${order.platform}:${order.externalOrderId}`, custom_field2: order.sourceId },
  };
}

async function recallOrder(context: ClientContext, { sourceId }: OrderToRecall): Promise<'RECALLED' | 'TOO_LATE'> {
  const known = await shipmentOf(context, sourceId);
  if (known === null || known.shipment_status === 'cancelled') return 'RECALLED';
  if (known.shipment_status === 'label_purchased') return 'TOO_LATE';
  await context.line.send({ method: 'PUT', url: `${HOST}/v2/shipments/${encodeURIComponent(known.shipment_id)}/cancel`, headers: { 'api-key': context.account.secrets['apiKey'] ?? '' }, repeatable: true });
  return 'RECALLED';
}

const listQuery = ({ from, to }: Window, page: number): Record<string, string> =>
  ({ created_at_start: from.toISOString(), created_at_end: to.toISOString(), sort_by: 'created_at', sort_dir: 'asc', page: String(page), page_size: String(PAGE) });

async function givenOrders(context: ClientContext, window: Window, page: string | null): Promise<GivenPage> {
  const number = Number(page ?? '1');
  const read = await call(context, 'GET', '/v2/shipments', { query: listQuery(window, number) });
  return { orders: listIn<Written>(read, 'shipments').map(givenOrder), next: number < Number(read['pages'] ?? '0') ? String(number + 1) : null };
}

function givenOrder({ shipment_id: externalOrderId, external_shipment_id: sourceId, shipment_status: status, created_at: at = '' }: Written): GivenOrder {
  const writtenAt = new Date(at);
  if (Number.isNaN(writtenAt.getTime())) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId, sourceId: sourceId || null, writtenAt, cancelled: status === 'cancelled' };
}

interface Label {
  readonly label_id: string; readonly shipment_id: string; readonly external_shipment_id?: string | null; readonly tracking_number?: string | null; readonly carrier_code?: string | null; readonly service_code?: string | null;
  readonly created_at?: string; readonly voided?: boolean; readonly is_return_label?: boolean;
  readonly packages?: readonly { readonly products?: readonly { readonly external_order_item_id?: string | null; readonly quantity?: string }[] | null }[];
}

async function pullShipments(context: ClientContext, window: Window, page: string | null): Promise<ShipmentPage> {
  const number = Number(page ?? '1');
  const { labels, pages = '0' } = await call(context, 'GET', '/v2/labels', {
    query: listQuery(window, number),
  }) as { labels?: readonly Label[]; pages?: string };
  if (!Array.isArray(labels)) throw new PlatformError('ANSWER_INVALID');
  return { shipments: (labels as readonly Label[]).flatMap(parcelOf), next: number < Number(pages) ? String(number + 1) : null };
}

function parcelOf(label: Label): Shipment[] {
  const shippedAt = new Date(label.created_at ?? '');
  if (Number.isNaN(shippedAt.getTime())) throw new PlatformError('ANSWER_INVALID');
  if (!label.tracking_number || label.is_return_label === true) return [];
  const lines = (label.packages ?? []).flatMap(({ products }) => products ?? []).flatMap(({ external_order_item_id: lineId, quantity = '' }) => (lineId?.startsWith('lin_') === true && /^[1-9]\d{0,8}$/.test(quantity) ? [{ lineId, quantity: Number(quantity) }] : []));
  return [{
    externalShipmentId: label.label_id, externalOrderId: label.shipment_id, sourceId: label.external_shipment_id ?? null, trackingNumber: label.tracking_number, carrier: label.carrier_code ?? '', service: label.service_code ?? null,
    shippedAt, voided: label.voided === true, lines: lines.length === 0 ? null : lines,
  }];
}

interface Hook { readonly event?: string; readonly url?: string }

/** Registers what is missing, and fetches the keys that pushes are signed with. */
async function ensureWebhooks(context: ClientContext, address: string): Promise<EnsuredWebhooks> {
  const { body } = await context.line.send({ method: 'GET', url: `${HOST}/v2/environment/webhooks`, headers: { 'api-key': context.account.secrets['apiKey'] ?? '', accept: 'application/json' }, repeatable: true });
  const hooks = listOf(body) as readonly Hook[];
  const ensured = await ensureTopics([LABELS_EVENT], (event) => hooks.some((hook) => hook.event === event && hook.url === address), (event) => call(context, 'POST', '/v2/environment/webhooks', { json: { name: 'quanyu', event, url: address } }));
  const { keys } = await askJson(context, { method: 'GET', url: 'https://api.shipengine.com/jwks', repeatable: true }) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new PlatformError('ANSWER_INVALID');
  return { ...ensured, settings: { webhookKeys: JSON.stringify({ keys }) } };
}

function listOf(body: Buffer): readonly unknown[] {
  try {
    const read = JSON.parse(body.toString()) as unknown;
    if (Array.isArray(read)) return read;
  } catch { /* told below */ }
  throw new PlatformError('ANSWER_INVALID');
}
