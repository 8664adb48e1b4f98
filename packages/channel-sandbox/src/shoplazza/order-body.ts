import { taxOn, toMinor, toText } from '../amounts.js';
import type { ShoplazzaAddressInput, ShoplazzaCustomerInput, ShoplazzaOrderInput } from './order-input.js';

/** The body of an `orders/*` webhook. */
export type ShoplazzaOrderBody = ReturnType<typeof shoplazzaOrder>;

/** Builds the body Shoplazza 2022-01 sends for an order, in its envelope and with amounts that add up. */
export function shoplazzaOrder(order: ShoplazzaOrderInput) {
  const { cancelled, customer = null, shippingAddress = null } = order;
  const address = addressBody(shippingAddress);
  return {
    order: {
      id: order.id,
      number: order.number ?? `qyfake${order.id.slice(-8)}`,
      note: order.note ?? null,
      status: order.status ?? (cancelled ? 'cancelled' as const : 'placed' as const),
      financial_status: order.financialStatus,
      fulfillment_status: order.fulfillmentStatus ?? 'waiting',
      canceled_at: cancelled?.at ?? null,
      cancel_reason: cancelled?.reason ?? null,
      payment_method: 'online',
      created_at: order.createdAt,
      placed_at: order.placedAt === undefined ? order.createdAt : order.placedAt,
      updated_at: order.updatedAt ?? order.createdAt,
      customer_deleted_at: null,
      deleted_at: null,
      currency: order.currency,
      ...amountsOf(order),
      discount_code: order.discountCode ?? '',
      // A JSON text inside of JSON, as in real bodies.
      discount_applications: JSON.stringify(order.discountCode === undefined ? [] : [{ code: order.discountCode, title: order.discountCode }]),
      product_tax_included: order.taxIncluded ?? false,
      buyer_accepts_marketing: false,
      browser_ip: '192.0.2.1',
      customer_note: order.customerNote ?? '',
      landing_site: '/',
      tags: '',
      customer: customerBody(customer, order),
      shipping_address: address,
      billing_address: address,
      shipping_line: { name: order.shipping === undefined ? 'free' : 'standard' },
      payment_line: null,
      payment_lines: [],
      line_items: lineItems(order),
      fulfillments: [],
    },
  };
}

/** Adds an order up: sub_total = lines - discounts; total = sub_total + shipping, + tax where prices do not hold it. */
function amountsOf({ lines, currency, shipping = '0', taxBasisPoints = 0, taxIncluded = false }: ShoplazzaOrderInput) {
  const text = (minor: number): string => toText(minor, currency);
  const add = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
  const gross = add(lines.map(({ price, quantity }) => toMinor(price, currency) * quantity));
  const discount = add(lines.map((line) => toMinor(line.discount ?? '0', currency)));
  const subTotal = gross - discount;
  const freight = toMinor(shipping, currency);
  const tax = taxOn(subTotal, taxBasisPoints, taxIncluded);
  const total = subTotal + freight + (taxIncluded ? 0 : tax);
  return {
    total_price: text(total), sub_total: text(subTotal), total_discount: text(discount), total_tax: text(tax), total_shipping: text(freight),
    code_discount_total: text(discount), line_item_discount_total: text(0), gift_card_total: text(0), additional_total: text(0), total_tip_received: text(0),
    total_refund_price: text(0),
  };
}

const lineItems = ({ id, lines, currency, fulfillmentStatus }: ShoplazzaOrderInput) => lines.map((line, at) => {
  const price = toMinor(line.price, currency);
  return {
    id: `${id.slice(0, -3)}${900 + at}`,
    product_id: line.productId,
    product_title: line.title,
    product_handle: line.productId,
    variant_id: line.variantId,
    variant_title: line.variantTitle ?? '',
    sku: line.sku,
    quantity: line.quantity,
    price: toText(price, currency),
    compare_at_price: toText(price, currency),
    total: toText(price * line.quantity - toMinor(line.discount ?? '0', currency), currency),
    fulfillment_status: fulfillmentStatus ?? 'waiting',
    note: '',
    vendor: 'Quanyu Fake Goods',
    weight: '0',
    weight_unit: 'kg',
    properties: [],
    discount_applications: [],
  };
});

function customerBody(customer: ShoplazzaCustomerInput | null, { createdAt }: ShoplazzaOrderInput) {
  if (customer === null) return null;
  return {
    id: customer.id, first_name: customer.firstName, last_name: customer.lastName, email: customer.email, phone: customer.phone ?? '',
    created_at: createdAt, updated_at: createdAt, orders_count: 1, total_spent: '0.00',
  };
}

function addressBody(address: ShoplazzaAddressInput | null) {
  if (address === null) return null;
  return {
    first_name: address.firstName, last_name: address.lastName, name: `${address.firstName} ${address.lastName}`,
    address: address.address, address1: address.address1 ?? '', area: address.area ?? '', city: address.city,
    province: address.province, province_code: address.provinceCode, country: address.country, country_code: address.countryCode, zip: address.zip,
    phone: address.phone ?? '', phone_area_code: '', email: address.email ?? '', company: '', latitude: null, longitude: null, extra_info: {},
  };
}
