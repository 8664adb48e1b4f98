import { numberOf } from './graph.js';

// An order as the Admin API tells it, in the words of a webhook: one reader does for both.

interface MoneySet { readonly shopMoney: { readonly amount: string } }
interface Address {
  readonly firstName: string | null; readonly lastName: string | null; readonly phone: string | null; readonly address1: string | null; readonly address2: string | null;
  readonly city: string | null; readonly province: string | null; readonly zip: string | null; readonly countryCodeV2: string | null;
}
interface Nodes<Node> { readonly nodes: readonly Node[] }

export interface GraphOrder {
  readonly id: string; readonly name: string; readonly email: string | null; readonly phone: string | null;
  readonly createdAt: string; readonly processedAt: string; readonly updatedAt: string; readonly cancelledAt: string | null; readonly closedAt?: string | null; readonly returnStatus?: string | null;
  readonly displayFinancialStatus: string | null; readonly displayFulfillmentStatus: string; readonly currencyCode: string; readonly taxesIncluded: boolean;
  readonly totalPriceSet: MoneySet; readonly currentTotalPriceSet: MoneySet; readonly totalDiscountsSet: MoneySet; readonly totalTaxSet: MoneySet; readonly totalShippingPriceSet: MoneySet;
  readonly customer: { readonly id: string; readonly firstName: string | null; readonly lastName: string | null; readonly email: string | null; readonly phone: string | null } | null;
  readonly shippingAddress: Address | null;
  readonly lineItems: Nodes<{
    readonly id: string; readonly sku: string | null; readonly title: string; readonly quantity: number; readonly currentQuantity: number;
    readonly originalUnitPriceSet: MoneySet; readonly discountAllocations: readonly { readonly allocatedAmountSet: MoneySet }[]; readonly variant: { readonly id: string } | null; readonly product?: { readonly id: string } | null;
  }>;
  readonly note?: string | null; readonly customAttributes?: readonly { readonly key: string; readonly value: string | null }[]; readonly shippingLine?: { readonly title: string; readonly originalPriceSet: MoneySet } | null;
  readonly sourceIdentifier?: string | null;
  readonly fulfillments?: readonly {
    readonly createdAt: string; readonly status: string; readonly displayStatus?: string | null; readonly trackingInfo: readonly { readonly number: string | null; readonly company: string | null }[];
    readonly fulfillmentLineItems: Nodes<{ readonly quantity: number; readonly lineItem: { readonly sku: string | null } }>;
  }[];
  readonly refunds: readonly {
    readonly transactions: Nodes<{ readonly id: string; readonly status?: string | null }>;
    readonly refundLineItems: Nodes<{ readonly quantity: number; readonly lineItem: { readonly id: string } }>;
  }[];
}

/** The fields of `GraphOrder`, for a query. */
export const ORDER_FIELDS = `
  id name email phone createdAt processedAt updatedAt cancelledAt closedAt returnStatus displayFinancialStatus displayFulfillmentStatus currencyCode taxesIncluded
  totalPriceSet { ...money } currentTotalPriceSet { ...money } totalDiscountsSet { ...money } totalTaxSet { ...money } totalShippingPriceSet { ...money }
  customer { id firstName lastName email phone }
  shippingAddress { firstName lastName phone address1 address2 city province zip countryCodeV2 }
  lineItems(first: 100) { nodes { id sku title quantity currentQuantity originalUnitPriceSet { ...money } discountAllocations { allocatedAmountSet { ...money } } variant { id } product { id } } }
  sourceIdentifier note customAttributes { key value } shippingLine { title originalPriceSet { ...money } }
  fulfillments { createdAt status displayStatus trackingInfo { number company } fulfillmentLineItems(first: 50) { nodes { quantity lineItem { sku } } } }
  refunds { transactions(first: 20) { nodes { id status } } refundLineItems(first: 100) { nodes { quantity lineItem { id } } } }`;
export const MONEY = 'fragment money on MoneyBag { shopMoney { amount } }';

export const isGraphOrder = (body: unknown): body is GraphOrder => typeof body === 'object' && body !== null && 'displayFulfillmentStatus' in body;

const amount = ({ shopMoney }: MoneySet): string => shopMoney.amount;
const FULFILLMENTS: Readonly<Record<string, string | null>> = { UNFULFILLED: null, PARTIALLY_FULFILLED: 'partial' };
const fulfillmentOf = (status: string): string | null => (Object.hasOwn(FULFILLMENTS, status) ? FULFILLMENTS[status]! : status.toLowerCase());

/** The order in a webhook's words; null when it is not of the form that we ask for. */
export function webhookBodyOf(order: GraphOrder): object | null {
  try {
    return bodyOf(order);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function bodyOf(order: GraphOrder): object {
  const { customer, shippingAddress: to } = order;
  return {
    id: numberOf(order.id), name: order.name, email: order.email, phone: order.phone, currency: order.currencyCode, taxes_included: order.taxesIncluded,
    created_at: order.createdAt, processed_at: order.processedAt, updated_at: order.updatedAt, cancelled_at: order.cancelledAt, closed_at: order.closedAt ?? null, return_status: order.returnStatus?.toLowerCase() ?? null,
    financial_status: order.displayFinancialStatus?.toLowerCase() ?? null, fulfillment_status: fulfillmentOf(order.displayFulfillmentStatus),
    total_price: amount(order.totalPriceSet), current_total_price: amount(order.currentTotalPriceSet),
    total_discounts: amount(order.totalDiscountsSet), total_tax: amount(order.totalTaxSet),
    total_shipping_price_set: { shop_money: { amount: amount(order.totalShippingPriceSet) } },
    customer: customer && { id: numberOf(customer.id), first_name: customer.firstName, last_name: customer.lastName, email: customer.email, phone: customer.phone },
    shipping_address: to && {
      first_name: to.firstName, last_name: to.lastName, phone: to.phone, address1: to.address1, address2: to.address2,
      city: to.city, province: to.province, zip: to.zip, country_code: to.countryCodeV2,
    },
    line_items: order.lineItems.nodes.map((line) => ({
      id: numberOf(line.id), sku: line.sku, title: line.title, quantity: line.quantity, current_quantity: line.currentQuantity,
      variant_id: line.variant && numberOf(line.variant.id), product_id: line.product ? numberOf(line.product.id) : null, price: amount(line.originalUnitPriceSet),
      discount_allocations: line.discountAllocations.map(({ allocatedAmountSet }) => ({ amount: amount(allocatedAmountSet) })),
    })),
    note: order.note ?? null, note_attributes: (order.customAttributes ?? []).map(({ key, value }) => ({ name: key, value })),
    shipping_lines: order.shippingLine ? [{ title: order.shippingLine.title, price: amount(order.shippingLine.originalPriceSet) }] : [],
    source_identifier: order.sourceIdentifier ?? null,
    fulfillments: (order.fulfillments ?? []).map(({ createdAt, status, displayStatus, trackingInfo, fulfillmentLineItems }) => ({
      created_at: createdAt, status: status.toLowerCase(), shipment_status: displayStatus?.toLowerCase() ?? null, tracking_number: trackingInfo[0]?.number ?? null, tracking_company: trackingInfo[0]?.company ?? null,
      line_items: fulfillmentLineItems.nodes.map(({ quantity, lineItem }) => ({ sku: lineItem.sku, quantity })),
    })),
    refunds: order.refunds.map((refund) => ({
      transactions: refund.transactions.nodes.map(({ id, status }) => ({ id: numberOf(id), status: status?.toLowerCase() ?? null })),
      refund_line_items: refund.refundLineItems.nodes.map(({ quantity, lineItem }) => ({ quantity, line_item_id: numberOf(lineItem.id) })),
    })),
  };
}
