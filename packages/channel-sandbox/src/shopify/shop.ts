import { faultOf, orderOf, type OrderInput, type ProductInput, type ShopProduct } from './copies.js';
import { ShopifyListing } from './listing.js';
import type { ShopifyOrderBody } from './order-body.js';

interface Fulfillment { readonly id: string; readonly number: string | null; readonly company: string | null; readonly lines: readonly { readonly id: number; readonly quantity: number }[] }
interface Level { readonly sku: string; readonly variant: number; available: number }

/** A shop with orders, goods and stock, as its Admin API shows it. */
export class ShopifyShop {
  /** Called after each page of a listing. */
  betweenPages: (() => void) | null = null;
  readonly #orders = new Map<number, ShopifyOrderBody>();
  readonly #fulfillments = new Map<number, Fulfillment[]>();
  readonly #levels: Level[] = [];
  /** Where it pushes what to. */
  readonly hooks: { readonly topic: string; readonly address: string }[] = [];
  readonly #products = new Map<number, ShopProduct>();
  /** What it sells and who has an account, as its lists tell it. */
  readonly listing = new ShopifyListing();

  constructor(readonly domain: string, readonly accessToken: string, readonly name = 'Sandbox shop') {}

  /** Takes an order in, or a newer state of one. */
  put(order: ShopifyOrderBody): void { this.#orders.set(order.id, order); }

  /** Keeps goods under an SKU, with so many available at its only location, `gid://shopify/Location/1`. */
  stock(sku: string, available: number): void {
    const known = this.#levels.find((level) => level.sku === sku);
    if (known === undefined) this.#levels.push({ sku, variant: 5_000 + this.#levels.length, available });
    else known.available = available;
  }

  availableOf(sku: string): number | undefined { return this.#levels.find((level) => level.sku === sku)?.available; }
  parcelsOf(order: number): readonly Fulfillment[] { return this.#fulfillments.get(order) ?? []; }

  /** Orders that were written to it by `orderCreate`. */
  get pushed(): readonly ShopifyOrderBody[] { return [...this.#orders.values()].filter(({ source_name }) => source_name === 'quanyu'); }
  get products(): readonly ShopProduct[] { return [...this.#products.values()]; }

  /** The shop's people send what is left of an order; gives its webhook's body. */
  ship(orderId: number, number: string, company = 'SF Express'): object {
    this.#fulfil({ lineItemsByFulfillmentOrder: [{ fulfillmentOrderId: gid('FulfillmentOrder', orderId) }], trackingInfo: { number, company } });
    return this.webhookOf(orderId);
  }

  /** An order as a webhook tells it now. */
  webhookOf(orderId: number): object {
    const order = this.#orders.get(orderId)!;
    return {
      ...order, fulfillment_status: this.#statusOf(order) === 'FULFILLED' ? 'fulfilled' : null,
      fulfillments: this.parcelsOf(orderId).map(({ id, number, company, lines }) => ({
        id: numberOf(id), status: 'success', created_at: order.updated_at, tracking_number: number, tracking_company: company,
        line_items: lines.map(({ id: lineId, quantity }) => ({ id: lineId, quantity, sku: order.line_items.find((line) => line.id === lineId)?.sku ?? null })),
      })),
    };
  }

  /** What queries and mutations start from. */
  root() {
    return {
      shop: { id: 'gid://shopify/Shop/1', name: this.name, myshopifyDomain: this.domain, currencyCode: 'CNY' },
      ...this.listing.root(),
      order: ({ id }: { id: string }) => this.#order(this.#orders.get(numberOf(id))),
      orders: (args: OrdersArgs) => this.#page(args),
      productVariants: ({ query = '' }: { query?: string }) => {
        const skus = [...query.matchAll(/sku:"((?:[^"\\]|\\.)*)"/g)].map(([, sku]) => sku!.replaceAll(/\\(.)/g, '$1'));
        const found = this.#levels.filter(({ sku }) => skus.includes(sku));
        return { nodes: found.map(variant), pageInfo: { hasNextPage: false, endCursor: null } };
      },
      productByIdentifier: ({ identifier }: { identifier: { handle?: string } }) => {
        const product = this.products.find(({ handle }) => handle === identifier.handle);
        return product === undefined ? null : { id: gid('Product', product.id), variants: () => ({ nodes: product.variants.map(({ id, sku }) => ({ id: gid('ProductVariant', id), sku, title: sku ?? '', inventoryItem: { id: gid('InventoryItem', id), tracked: true } })) }) };
      },
      productSet: ({ input }: { input: ProductInput }) => this.#setProduct(input),
      orderCreate: ({ order }: { order: OrderInput }) => {
        const id = 9_500_000 + this.#orders.size;
        this.put(orderOf(order, id, new Date()));
        return { order: this.#order(this.#orders.get(id)), userErrors: [] };
      },
      orderCancel: ({ orderId }: { orderId: string }) => {
        const order = this.#orders.get(numberOf(orderId));
        if (order === undefined) return { orderCancelUserErrors: [{ code: 'NOT_FOUND', field: ['orderId'], message: 'Order not found' }] };
        this.put({ ...order, cancelled_at: new Date().toISOString(), updated_at: new Date().toISOString() });
        return { orderCancelUserErrors: [] };
      },
      fulfillmentCreate: ({ fulfillment }: { fulfillment: FulfillmentInput }) => this.#fulfil(fulfillment),
      webhookSubscriptions: () => ({ nodes: this.hooks.map(subscription), pageInfo: { hasNextPage: false, endCursor: null } }),
      webhookSubscriptionCreate: ({ topic, webhookSubscription: { callbackUrl } }: { topic: string; webhookSubscription: { callbackUrl?: string } }) => {
        const refuse = (message: string) => ({ webhookSubscription: null, userErrors: [{ field: ['webhookSubscription', 'callbackUrl'], message }] });
        if (callbackUrl === undefined || !callbackUrl.startsWith('https://')) return refuse('Address is invalid');
        if (this.hooks.some((hook) => hook.topic === topic && hook.address === callbackUrl)) return refuse('Address for this topic has already been taken');
        this.hooks.push({ topic, address: callbackUrl });
        return { webhookSubscription: subscription(this.hooks.at(-1)!), userErrors: [] };
      },
      inventorySetQuantities: ({ input }: { input: SetInput }) => ({ userErrors: this.#setQuantities(input) }),
    };
  }

  #page({ first = 50, after = null, query = '', sortKey = 'PROCESSED_AT' }: OrdersArgs) {
    const from = Date.parse(/updated_at:>='([^']+)'/.exec(query)?.[1] ?? '1970-01-01');
    const to = Date.parse(/updated_at:<'([^']+)'/.exec(query)?.[1] ?? '9999-01-01');
    const by = (order: ShopifyOrderBody): number => Date.parse(sortKey === 'UPDATED_AT' ? order.updated_at : order.processed_at);
    const source = /source_identifier:"((?:[^"\\]|\\.)*)"/.exec(query)?.[1];
    const all = [...this.#orders.values()].filter(({ source_identifier }) => source === undefined || source_identifier === source).filter(({ updated_at }) => Date.parse(updated_at) >= from && Date.parse(updated_at) < to).sort((a, b) => by(a) - by(b) || a.id - b.id);
    const start = after === null ? 0 : Number(Buffer.from(after, 'base64').toString());
    const nodes = all.slice(start, start + first);
    const end = start + nodes.length;
    const page = { nodes: nodes.map((order) => this.#order(order)), pageInfo: { hasNextPage: end < all.length, endCursor: nodes.length === 0 ? null : Buffer.from(String(end)).toString('base64') } };
    this.betweenPages?.();
    return page;
  }

  #order(order: ShopifyOrderBody | undefined) {
    if (order === undefined) return null;
    const money = (amount: string) => ({ shopMoney: { amount, currencyCode: order.currency }, presentmentMoney: { amount, currencyCode: order.currency } });
    const lines = order.line_items.map((line) => ({
      id: gid('LineItem', line.id), sku: line.sku, title: line.title, quantity: line.quantity, currentQuantity: line.current_quantity,
      originalUnitPriceSet: money(line.price), discountedUnitPriceSet: money(line.price),
      discountAllocations: line.discount_allocations.map(({ amount }) => ({ allocatedAmountSet: money(amount) })),
      product: line.product_id ? { id: gid('Product', line.product_id), variants: () => ({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }) } : null,
      variant: !line.variant_id ? null : { id: gid('ProductVariant', line.variant_id), sku: line.sku, title: line.title, inventoryItem: { id: gid('InventoryItem', line.variant_id), tracked: true } },
    }));
    const to = order.shipping_address;
    return {
      id: gid('Order', order.id), name: order.name, email: order.email === '' ? null : order.email, phone: order.phone, tags: [],
      createdAt: order.created_at, processedAt: order.processed_at, updatedAt: order.updated_at, cancelledAt: order.cancelled_at, closedAt: null, returnStatus: 'NO_RETURN',
      displayFinancialStatus: order.financial_status.toUpperCase(), displayFulfillmentStatus: this.#statusOf(order), currencyCode: order.currency, taxesIncluded: order.taxes_included,
      totalPriceSet: money(order.total_price), currentTotalPriceSet: money(order.current_total_price), totalDiscountsSet: money(order.total_discounts),
      totalTaxSet: money(order.total_tax), totalShippingPriceSet: money(order.total_shipping_price_set.shop_money.amount), subtotalPriceSet: money(order.subtotal_price),
      customer: order.customer && { id: gid('Customer', order.customer.id), firstName: order.customer.first_name, lastName: order.customer.last_name, email: order.customer.email, phone: order.customer.phone },
      shippingAddress: to && {
        firstName: to.first_name, lastName: to.last_name, name: to.name, company: null, phone: to.phone, address1: to.address1, address2: to.address2,
        city: to.city, province: to.province, provinceCode: to.province_code, zip: to.zip, country: to.country, countryCodeV2: to.country_code,
      },
      lineItems: () => ({ nodes: lines, pageInfo: { hasNextPage: false, endCursor: null } }),
      refunds: () => [], sourceIdentifier: order.source_identifier, note: order.note,
      customAttributes: order.note_attributes.map(({ name, value }) => ({ key: name, value })), shippingLine: order.shipping_lines[0] ? { title: order.shipping_lines[0].title, originalPriceSet: money(order.shipping_lines[0].price) } : null,
      fulfillments: () => this.parcelsOf(order.id).map((one) => ({
        ...parcel(one), createdAt: order.updated_at, status: 'SUCCESS', displayStatus: 'FULFILLED',
        fulfillmentLineItems: () => ({ nodes: one.lines.map(({ id, quantity }) => ({ quantity, lineItem: lines.find((line) => line.id === gid('LineItem', id)) })) }),
      })),
      fulfillmentOrders: () => ({ nodes: [{
        id: gid('FulfillmentOrder', order.id), status: this.#statusOf(order) === 'FULFILLED' ? 'CLOSED' : 'OPEN',
        lineItems: () => ({ nodes: order.line_items.map((line, at) => ({ id: gid('FulfillmentOrderLineItem', line.id), remainingQuantity: this.#left(order, line.id), totalQuantity: line.quantity, lineItem: lines[at] })) }),
      }] }),
    };
  }

  #left(order: ShopifyOrderBody, lineId: number): number {
    const sent = this.parcelsOf(order.id).flatMap(({ lines }) => lines).filter(({ id }) => id === lineId).reduce((sum, { quantity }) => sum + quantity, 0);
    return (order.line_items.find(({ id }) => id === lineId)?.quantity ?? 0) - sent;
  }

  #statusOf(order: ShopifyOrderBody): string {
    const left = order.line_items.reduce((sum, { id }) => sum + this.#left(order, id), 0);
    if (left === 0) return 'FULFILLED';
    return this.parcelsOf(order.id).length === 0 ? 'UNFULFILLED' : 'PARTIALLY_FULFILLED';
  }

  #fulfil({ lineItemsByFulfillmentOrder, trackingInfo }: FulfillmentInput) {
    const refuse = (message: string) => ({ fulfillment: null, userErrors: [{ field: ['fulfillment'], message }] });
    const [part] = lineItemsByFulfillmentOrder;
    const order = part && this.#orders.get(numberOf(part.fulfillmentOrderId));
    if (part === undefined || order === undefined) return refuse('Fulfillment order does not exist.');
    const lines = part.fulfillmentOrderLineItems?.map(({ id, quantity }) => ({ id: numberOf(id), quantity }))
      ?? order.line_items.map(({ id }) => ({ id, quantity: this.#left(order, id) })).filter(({ quantity }) => quantity > 0);
    if (lines.length === 0 || lines.some(({ id, quantity }) => quantity < 1 || quantity > this.#left(order, id))) return refuse('Invalid fulfillment order line item quantity requested.');
    const made = { id: gid('Fulfillment', 70_000 + this.#fulfillments.size), number: trackingInfo?.number ?? null, company: trackingInfo?.company ?? null, lines };
    this.#fulfillments.set(order.id, [...this.parcelsOf(order.id), made]);
    return { fulfillment: parcel(made), userErrors: [] };
  }

  #setProduct(input: ProductInput) {
    const fault = faultOf(input);
    const known = input.id === undefined ? undefined : this.#products.get(numberOf(input.id));
    const taken = this.products.some(({ handle, id }) => handle === input.handle && id !== known?.id);
    const code = fault ?? (taken ? 'HANDLE_NOT_UNIQUE' : input.id !== undefined && known === undefined ? 'PRODUCT_DOES_NOT_EXIST' : null);
    if (code !== null) return { product: null, userErrors: [{ code, field: ['input'], message: code }] };
    const id = known?.id ?? 7_000_000 + this.#products.size;
    const variants = (input.variants ?? []).map((one, at) => ({ id: one.id === undefined ? id * 100 + (known?.variants.length ?? 0) + at : numberOf(one.id), sku: one.sku ?? null, price: one.price ?? '0' }));
    this.#products.set(id, { id, handle: input.handle ?? '', title: input.title ?? '', status: input.status ?? 'ACTIVE', variants });
    return { product: { id: gid('Product', id) }, userErrors: [] };
  }

  #setQuantities({ name, quantities, ignoreCompareQuantity = false }: SetInput): object[] {
    if (name !== 'available' && name !== 'on_hand') return [{ code: 'INVALID_NAME', field: ['input', 'name'], message: 'The quantity name must be either available or on_hand.' }];
    const levels = quantities.map(({ inventoryItemId }) => this.#levels.find((level) => gid('InventoryItem', level.variant) === inventoryItemId));
    const errors = quantities.flatMap((wanted, at) => {
      const field = (last: string): string[] => ['input', 'quantities', String(at), last];
      if (wanted.locationId !== 'gid://shopify/Location/1') return [{ code: 'INVALID_LOCATION', field: field('locationId'), message: 'The specified location could not be found.' }];
      if (levels[at] === undefined) return [{ code: 'INVALID_INVENTORY_ITEM', field: field('inventoryItemId'), message: 'The specified inventory item could not be found.' }];
      if (wanted.quantity < 0) return [{ code: 'INVALID_QUANTITY_NEGATIVE', field: field('quantity'), message: 'The quantity can\'t be negative.' }];
      if (ignoreCompareQuantity) return [];
      if (wanted.compareQuantity === undefined || wanted.compareQuantity === null) return [{ code: 'COMPARE_QUANTITY_REQUIRED', field: field('compareQuantity'), message: 'The compareQuantity argument must be given to each quantity or ignored using ignoreCompareQuantity.' }];
      return levels[at].available === wanted.compareQuantity ? [] : [{ code: 'COMPARE_QUANTITY_STALE', field: field('compareQuantity'), message: 'The compareQuantity value does not match persisted value.' }];
    });
    if (errors.length === 0) quantities.forEach(({ quantity }, at) => { levels[at]!.available = quantity; });
    return errors;
  }
}

interface OrdersArgs { first?: number; after?: string | null; query?: string; sortKey?: string }
interface FulfillmentInput {
  readonly lineItemsByFulfillmentOrder: readonly { readonly fulfillmentOrderId: string; readonly fulfillmentOrderLineItems?: readonly { readonly id: string; readonly quantity: number }[] }[];
  readonly trackingInfo?: { readonly number?: string | null; readonly company?: string | null };
}
interface SetInput { readonly name: string; readonly ignoreCompareQuantity?: boolean; readonly quantities: readonly { readonly inventoryItemId: string; readonly locationId: string; readonly quantity: number; readonly compareQuantity?: number | null }[] }

const subscription = ({ topic, address }: { readonly topic: string; readonly address: string }) => ({ id: gid('WebhookSubscription', 1), topic, endpoint: { __typename: 'WebhookHttpEndpoint', callbackUrl: address } });
const gid = (kind: string, id: number): string => `gid://shopify/${kind}/${id}`;
const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf('/') + 1));
const variant = ({ sku, variant: id }: Level) => ({ id: gid('ProductVariant', id), sku, title: sku, inventoryItem: { id: gid('InventoryItem', id), tracked: true } });
const parcel = ({ id, number, company }: Fulfillment) => ({ id, trackingInfo: () => [{ number, company, url: null }] });
