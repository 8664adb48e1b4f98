import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import { json } from '../json-answer.js';

interface Item { readonly lineItemKey?: string; readonly sku?: string; readonly quantity?: number; readonly unitPrice?: number }
export interface ShipStationOrder {
  readonly orderId: number; readonly orderKey: string; readonly orderNumber: string; orderStatus: string; createDate: string; readonly items: readonly Item[];
  readonly shippingAmount?: number; readonly taxAmount?: number; readonly orderTotal: number; readonly advancedOptions?: Readonly<Record<string, unknown>>; readonly requestedShippingService?: string;
  readonly customerNotes?: string | null; readonly internalNotes?: string | null; readonly gift?: boolean; readonly giftMessage?: string | null;
}
type NewOrder = Omit<ShipStationOrder, 'orderId' | 'orderTotal' | 'createDate'> & Readonly<Record<string, unknown>>;
interface Shipment { readonly shipmentId: number; readonly orderId: number; readonly orderKey: string; readonly trackingNumber: string; readonly createDate: string; voided: boolean; readonly isReturnLabel: boolean; readonly batch: string; readonly carrierCode: string; readonly serviceCode: string; readonly shipmentItems: readonly object[] }
interface Hook { readonly WebHookID: number; readonly HookType: string; readonly URL: string; readonly Active: boolean }

/** What its servers take for now: they live in Los Angeles. */
const pacific = (at: Date): string => {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
    .formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}.0000000`;
};

/** An account of ShipStation's API v1: 40 calls a minute, orders by their key, shipments by the clock of Los Angeles. */
export class ShipStationAccount {
  readonly orders = new Map<string, ShipStationOrder>();
  readonly shipments: Shipment[] = [];
  readonly hooks: Hook[] = [];
  #calls: number[] = [];
  #made = 0;

  constructor(readonly apiKey: string, readonly apiSecret: string) {}

  /** @param items what the box holds, by their keys; all of the order where not given */
  ship(orderId: number, trackingNumber: string, at: Date, { items, isReturnLabel = false }: { readonly items?: Readonly<Record<string, number>>; readonly isReturnLabel?: boolean } = {}): number {
    const order = this.#order(orderId);
    order.orderStatus = 'shipped';
    const shipmentId = 33_974_000 + this.shipments.length;
    this.shipments.push({ shipmentId, orderId, orderKey: order.orderKey, trackingNumber, createDate: pacific(at), voided: false, isReturnLabel, batch: `b${shipmentId}`, carrierCode: 'sf_express', serviceCode: 'sf_standard_express',
      shipmentItems: order.items.filter(({ lineItemKey = '', sku }) => sku && (items === undefined || items[lineItemKey] !== undefined)).map(({ lineItemKey, sku, quantity }) => ({ lineItemKey, sku, quantity: items?.[lineItemKey ?? ''] ?? quantity })) });
    return shipmentId;
  }

  /** As if it had been written then. */
  writtenAt(orderId: number, at: Date): void {
    this.#order(orderId).createDate = pacific(at);
  }

  /** Deleted there by hand. */
  drop(orderId: number): void {
    this.orders.delete(this.#order(orderId).orderKey);
  }

  #order(orderId: number): ShipStationOrder {
    const order = [...this.orders.values()].find((one) => one.orderId === orderId);
    if (order === undefined) throw new Error('no such order');
    return order;
  }

  answer(request: SandboxRequest, now: number): SandboxResponse {
    if (request.headers['authorization'] !== `Basic ${Buffer.from(`${this.apiKey}:${this.apiSecret}`, 'latin1').toString('base64')}`) return { status: 401, body: '401 Unauthorized' };
    this.#calls = [...this.#calls.filter((at) => now - at < 60_000), now];
    const left = 40 - this.#calls.length;
    const limits = { 'X-Rate-Limit-Limit': '40', 'X-Rate-Limit-Remaining': String(Math.max(0, left)), 'X-Rate-Limit-Reset': '30' };
    if (left < 0) return { status: 429, headers: limits, body: 'Too Many Requests' };
    const answered = this.#route(request);
    return { ...answered, headers: { ...answered.headers, ...limits } };
  }

  #route({ method, path, query, body }: SandboxRequest): SandboxResponse {
    if (method === 'GET' && path === '/orders') {
      const [size, page] = [Math.min(500, Number(query.get('pageSize') ?? '100')), Number(query.get('page') ?? '1')];
      const [from, to] = ['createDateStart', 'createDateEnd'].map((name) => (query.get(name) ?? '').replace(' ', 'T')) as [string, string];
      const found = [...this.orders.values()].filter(({ orderNumber, createDate }) => orderNumber.startsWith(query.get('orderNumber') ?? '') && createDate >= from && (to === '' || createDate.slice(0, 19) <= to));
      if (query.get('sortBy') === 'CreateDate') found.sort((a, b) => (a.createDate < b.createDate ? -1 : 1));
      return json(200, { orders: found.slice((page - 1) * size, page * size), total: found.length, page, pages: Math.ceil(found.length / size) });
    }
    if (method === 'GET' && path === '/shipments') return this.#list(query);
    if (method === 'DELETE' && path.startsWith('/orders/')) return this.#remove(Number(path.slice('/orders/'.length)));
    if (method === 'GET' && path === '/webhooks') return json(200, { webhooks: this.hooks });
    if (method === 'POST' && path === '/webhooks/subscribe') return this.#subscribe(JSON.parse(body.toString()) as { target_url: string; event: string });
    if (method === 'POST' && path === '/orders/createorder') return this.#create(JSON.parse(body.toString()) as NewOrder);
    return json(404, { Message: 'Not Found' });
  }

  #remove(orderId: number): SandboxResponse {
    const order = [...this.orders.values()].find((one) => one.orderId === orderId);
    if (order === undefined) return json(404, { Message: 'Not Found' });
    this.orders.delete(order.orderKey);
    return json(200, { success: true, message: 'The requested order has been deleted' });
  }

  #subscribe({ target_url: url, event }: { readonly target_url: string; readonly event: string }): SandboxResponse {
    if (!url.startsWith('https://') || !['ORDER_NOTIFY', 'SHIP_NOTIFY', 'FULFILLMENT_SHIPPED'].includes(event)) return json(400, { Message: 'The request is invalid.' });
    const hook = { WebHookID: 1_000 + this.hooks.length, HookType: event, URL: url, Active: true };
    this.hooks.push(hook);
    return json(201, { id: hook.WebHookID });
  }

  #create(input: NewOrder): SandboxResponse {
    for (const field of ['orderNumber', 'orderDate', 'orderStatus', 'billTo', 'shipTo']) if (!input[field]) return json(400, { Message: 'The request is invalid.', ModelState: { [field]: ['required'] } });
    const known = this.orders.get(input.orderKey);
    if (known !== undefined && known.orderStatus === 'shipped') return json(400, { Message: 'Order cannot be updated' });
    const cents = (amount: number | undefined): number => Math.round((amount ?? 0) * 100);
    const total = input.items.reduce((sum, { quantity = 0, unitPrice }) => sum + quantity * cents(unitPrice), 0) + cents(input.shippingAmount) + cents(input.taxAmount);
    const order: ShipStationOrder = { ...input, orderId: known?.orderId ?? 94_113_000 + (this.#made += 1), orderTotal: total / 100, createDate: known?.createDate ?? pacific(new Date()) };
    this.orders.set(input.orderKey, order);
    return json(200, order);
  }

  #list(query: URLSearchParams): SandboxResponse {
    const size = Math.min(500, Number(query.get('pageSize') ?? '100'));
    const page = Number(query.get('page') ?? '1');
    const [from, to] = ['createDateStart', 'createDateEnd'].map((name) => (query.get(name) ?? '').replace(' ', 'T')) as [string, string];
    const all = this.shipments.filter(({ createDate, batch }) => (query.get('batchId') ?? batch) === batch && createDate >= from && (to === '' || createDate.slice(0, 19) <= to));
    const shown = all.slice((page - 1) * size, page * size).map(({ batch: _batch, shipmentItems, ...shipment }) => ({ ...shipment, shipmentItems: query.get('includeShipmentItems') === 'true' ? shipmentItems : null }));
    return json(200, { shipments: shown, total: all.length, page, pages: Math.ceil(all.length / size) });
  }
}

/** ShipStation with this account. */
export const shipstationSandbox = (account: ShipStationAccount, now: () => number = Date.now): SandboxPlatform =>
  ({ name: 'shipstation', owns: (host) => /^ssapi\d*\.shipstation\.com$/.test(host), answer: (request) => account.answer(request, now()) });
