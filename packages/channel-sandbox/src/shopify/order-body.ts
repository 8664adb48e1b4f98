import { createHash } from 'node:crypto';
import { toText } from '../amounts.js';
import { moneySet } from './money-set.js';
import type { ShopifyOrderInput } from './order-input.js';
import { lineId, lineItems, sumsOf, taxLines, type OrderSums } from './order-lines.js';
import { addressBody, customerBody } from './order-people.js';

/** The body of an `orders/*` webhook. */
export type ShopifyOrderBody = ReturnType<typeof shopifyOrder>;

/** Builds the body Shopify 2025-01 sends for an order, with all its fields, and amounts that add up. */
export function shopifyOrder(order: ShopifyOrderInput) {
  const sums = sumsOf(order);
  const { customer = null, shippingAddress = null } = order;
  return {
    id: order.id,
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    ...originOf(order),
    ...lifeOf(order),
    ...namesOf(order),
    ...amountsOf(order, sums),
    billing_address: addressBody(order.billingAddress === undefined ? shippingAddress : order.billingAddress),
    customer: customerBody(customer, order),
    discount_applications: order.discountCode === undefined ? [] : [
      {
        target_type: 'line_item', type: 'discount_code', value: toText(sums.discount, order.currency), value_type: 'fixed_amount',
        allocation_method: 'across', target_selection: 'entitled', code: order.discountCode,
      },
    ],
    fulfillments: [],
    line_items: lineItems(order, sums),
    payment_terms: null,
    refunds: order.cancelled ? [restock(order, sums)] : [],
    shipping_address: addressBody(shippingAddress),
    shipping_lines: shippingLines(order, sums),
    returns: [],
  };
}

function originOf(order: ShopifyOrderInput) {
  const token = fakeToken('order', order.id);
  return {
    app_id: 1_000_001,
    browser_ip: '192.0.2.1',
    buyer_accepts_marketing: false,
    cart_token: fakeToken('cart', order.id),
    checkout_id: 30_000_000_000_000 + (order.id % 10_000_000_000),
    checkout_token: fakeToken('checkout', order.id),
    client_details: {
      accept_language: order.locale ?? 'zh-CN', browser_height: null, browser_ip: '192.0.2.1', browser_width: null,
      session_hash: null, user_agent: 'QuanyuSandbox/1.0 (not a browser)',
    },
    company: null,
    customer_locale: order.locale ?? 'zh-CN',
    device_id: null,
    landing_site: '/',
    landing_site_ref: null,
    location_id: null,
    merchant_business_entity_id: null,
    merchant_of_record_app_id: null,
    order_status_url: `https://${order.shopDomain ?? 'quanyu-demo.myshopify.com'}/1/orders/${token}/authenticate?key=not-a-key`,
    reference: null,
    referring_site: '',
    source_identifier: order.sourceIdentifier ?? null,
    source_name: order.sourceName ?? 'web',
    source_url: null,
    token,
    user_id: null,
  };
}

function lifeOf(order: ShopifyOrderInput) {
  return {
    cancel_reason: order.cancelled?.reason ?? null,
    cancelled_at: order.cancelled?.at ?? null,
    closed_at: null,
    confirmed: true,
    created_at: order.createdAt,
    financial_status: order.financialStatus,
    fulfillment_status: null,
    processed_at: order.createdAt,
    test: order.test ?? false,
    updated_at: order.updatedAt ?? order.createdAt,
  };
}

function namesOf(order: ShopifyOrderInput) {
  const number = order.id % 10_000;
  const email = order.email ?? order.customer?.email ?? '';
  return {
    confirmation_number: fakeToken('confirmation', order.id).slice(0, 9).toUpperCase(),
    contact_email: email === '' ? null : email,
    email,
    name: order.name ?? `#${1000 + number}`,
    note: order.note ?? null,
    note_attributes: Object.entries(order.noteAttributes ?? {}).map(([name, value]) => ({ name, value })),
    number,
    order_number: 1000 + number,
    phone: order.phone ?? null,
    po_number: null,
    tags: (order.tags ?? []).join(', '),
  };
}

function amountsOf(order: ShopifyOrderInput, sums: OrderSums) {
  const { currency, cancelled, financialStatus } = order;
  const text = (minor: number): string => toText(minor, currency);
  const set = (minor: number) => moneySet(minor, currency);
  const now = (minor: number): number => (cancelled ? 0 : minor);
  const owed = financialStatus === 'pending' || financialStatus === 'authorized' ? now(sums.total) : 0;
  return {
    currency,
    current_shipping_price_set: set(now(sums.shipping)),
    current_subtotal_price: text(now(sums.subtotal)), current_subtotal_price_set: set(now(sums.subtotal)),
    current_total_additional_fees_set: null,
    current_total_discounts: text(now(sums.discount)), current_total_discounts_set: set(now(sums.discount)),
    current_total_duties_set: null,
    current_total_price: text(now(sums.total)), current_total_price_set: set(now(sums.total)),
    current_total_tax: text(now(sums.tax)), current_total_tax_set: set(now(sums.tax)),
    discount_codes: order.discountCode === undefined ? [] : [{ code: order.discountCode, amount: text(sums.discount), type: 'fixed_amount' }],
    duties_included: false,
    estimated_taxes: false,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: [...(order.gateways ?? (sums.total === 0 ? [] : ['bogus']))],
    presentment_currency: currency,
    subtotal_price: text(sums.subtotal), subtotal_price_set: set(sums.subtotal),
    tax_exempt: false,
    tax_lines: taxLines(sums.taxes, currency),
    taxes_included: order.taxesIncluded ?? false,
    total_cash_rounding_payment_adjustment_set: set(0),
    total_cash_rounding_refund_adjustment_set: set(0),
    total_discounts: text(sums.discount), total_discounts_set: set(sums.discount),
    total_line_items_price: text(sums.gross), total_line_items_price_set: set(sums.gross),
    total_outstanding: text(owed),
    total_price: text(sums.total), total_price_set: set(sums.total),
    total_shipping_price_set: set(sums.shipping),
    total_tax: text(sums.tax), total_tax_set: set(sums.tax),
    total_tip_received: text(0),
    total_weight: order.lines.reduce((grams, line) => grams + (line.grams ?? 0) * line.quantity, 0),
  };
}

function shippingLines({ shipping, currency, id }: ShopifyOrderInput, sums: OrderSums) {
  if (shipping === undefined) return [];
  return [{
    id: 5_000_000_000_000 + (id % 10_000_000_000),
    carrier_identifier: null,
    code: shipping.title,
    current_discounted_price_set: moneySet(sums.shipping, currency),
    discounted_price: toText(sums.shipping, currency), discounted_price_set: moneySet(sums.shipping, currency),
    is_removed: false,
    phone: null,
    price: toText(sums.shipping, currency), price_set: moneySet(sums.shipping, currency),
    requested_fulfillment_service_id: null,
    source: 'shopify',
    title: shipping.title,
    tax_lines: taxLines([sums.shippingTax], currency),
    discount_allocations: [],
  }];
}

/** Shopify writes the goods of a cancelled order back by a refund that moves no money. */
function restock(order: ShopifyOrderInput, sums: OrderSums) {
  const { currency, cancelled } = order;
  const id = 900_000_000_000 + (order.id % 10_000_000_000);
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Refund/${id}`,
    created_at: cancelled?.at,
    note: null,
    order_id: order.id,
    processed_at: cancelled?.at,
    restock: true,
    total_additional_fees_set: moneySet(0, currency),
    total_duties_set: moneySet(0, currency),
    user_id: null,
    order_adjustments: [],
    transactions: [],
    refund_line_items: order.lines.map((line, at) => {
      const { gross, discount, tax } = sums.lines[at] ?? { gross: 0, discount: 0, tax: null };
      return {
        id: lineId(order.id, at) + 50,
        line_item_id: lineId(order.id, at),
        location_id: 70_000_000_001,
        quantity: line.quantity,
        restock_type: 'cancel',
        // These two are numbers in real bodies, unlike all other amounts.
        subtotal: Number(toText(gross - discount, currency)), subtotal_set: moneySet(gross - discount, currency),
        total_tax: Number(toText(tax?.minor ?? 0, currency)), total_tax_set: moneySet(tax?.minor ?? 0, currency),
      };
    }),
    duties: [],
    additional_fees: [],
  };
}

const fakeToken = (kind: string, id: number): string => createHash('sha256').update(`sandbox ${kind} ${id}`).digest('hex').slice(0, 32);
