import { money, toDecimal } from '@quanyu/money';
import { PlatformError } from '../../outbound/platform-error.js';
import type { ClientContext, OrderPushed, OrderToPush, OrderToRecall, ProductPushed, ProductToPush } from '../connector.js';
import { choicesOf } from '../reading/variant-options.js';
import { ask, numberOf, refuseUserErrors } from './graph.js';

const PRODUCT = 'query Product($identifier: ProductIdentifierInput!) { productByIdentifier(identifier: $identifier) { id variants(first: 100) { nodes { id sku } } } }';
const SET_PRODUCT = 'mutation SetProduct($input: ProductSetInput!) { productSet(input: $input, synchronous: true) { product { id } userErrors { code field message } } }';
const FIND = 'query Copies($query: String!) { orders(first: 5, query: $query) { nodes { id sourceIdentifier cancelledAt displayFulfillmentStatus } } }';
const CREATE = `mutation CreateOrder($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput) {
  orderCreate(order: $order, options: $options) { order { id } userErrors { field message } }
}`;
const CANCEL = `mutation CancelOrder($orderId: ID!) {
  orderCancel(orderId: $orderId, reason: CUSTOMER, refund: false, restock: false, notifyCustomer: false) { orderCancelUserErrors { code field message } }
}`;

/** Our id as an address that nobody else takes: it makes a product be there once. */
const handleOf = (sourceId: string): string => `qy-${sourceId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;

/** Found by our handle, which is looked up and not searched for, so that one written a moment ago is seen. */
export async function pushProduct(context: ClientContext, product: ProductToPush): Promise<ProductPushed> {
  const handle = handleOf(product.sourceId);
  const { data: { productByIdentifier: known } } = await ask<{ productByIdentifier: { id: string; variants: { nodes: { id: string; sku: string | null }[] } } | null }>(
    context, PRODUCT, { identifier: { handle } }, { points: 100, repeatable: true });
  const { options, valuesOf } = choicesOf(product);
  const { data } = await ask<{ productSet: { product: { id: string } | null; userErrors: { code?: string | null }[] } }>(context, SET_PRODUCT, {
    input: {
      ...(known !== null && { id: known.id }), handle, title: product.title, status: product.status, ...(product.brand !== null && { vendor: product.brand }),
      productOptions: options.map(({ name, values }, at) => ({ name, position: at + 1, values: values.map((value) => ({ name: value })) })),
      variants: product.skus.map((sku) => ({
        ...idOf(known?.variants.nodes ?? [], sku.code), sku: sku.code, price: toDecimal(money(sku.priceMinor, product.currency)), ...(sku.barcode !== null && { barcode: sku.barcode }),
        optionValues: options.map(({ name }, at) => ({ optionName: name, name: valuesOf.get(sku)![at]! })),
        inventoryItem: { tracked: true, ...(sku.weightGrams !== null && { measurement: { weight: { value: sku.weightGrams, unit: 'GRAMS' } } }) },
      })),
    },
  }, { points: 100, repeatable: true });
  refuseUserErrors(data.productSet.userErrors);
  if (data.productSet.product === null) throw new PlatformError('ANSWER_INVALID');
  return { externalProductId: numberOf(data.productSet.product.id) };
}

function idOf(variants: readonly { readonly id: string; readonly sku: string | null }[], code: string): { readonly id?: string } {
  const known = variants.find(({ sku }) => sku === code);
  return known === undefined ? {} : { id: known.id };
}

interface Copy { readonly id: string; readonly sourceIdentifier: string | null; readonly cancelledAt: string | null; readonly displayFulfillmentStatus: string }

async function copyOf(context: ClientContext, sourceId: string): Promise<Copy | undefined> {
  const { data } = await ask<{ orders: { nodes: Copy[] } }>(context, FIND, { query: `source_identifier:"${sourceId.replaceAll(/["\\]/g, '\\$&')}"` }, { points: 10, repeatable: true });
  return data.orders.nodes.find(({ sourceIdentifier }) => sourceIdentifier === sourceId);
}

/** Looked for before it is made: in this version Shopify knows no key that would make it once. Stock is left alone, it is told as figures. */
export async function pushOrder(context: ClientContext, order: OrderToPush): Promise<OrderPushed> {
  const known = await copyOf(context, order.sourceId);
  if (known !== undefined) return { externalOrderId: numberOf(known.id), result: 'ALREADY_THERE' };
  const { data } = await ask<{ orderCreate: { order: { id: string } | null; userErrors: object[] } }>(context, CREATE, {
    order: bodyOf(order), options: { inventoryBehaviour: 'BYPASS', sendReceipt: false, sendFulfillmentReceipt: false },
  }, { points: 10, repeatable: false });
  refuseUserErrors(data.orderCreate.userErrors);
  if (data.orderCreate.order === null) throw new PlatformError('ANSWER_INVALID');
  return { externalOrderId: numberOf(data.orderCreate.order.id), result: 'WRITTEN' };
}

function bodyOf(order: OrderToPush): object {
  const { currency, shipTo: to } = order;
  const set = (minor: number): object => ({ shopMoney: { amount: toDecimal(money(minor, currency)), currencyCode: currency } });
  return {
    // Paid, and not a word of how: no transactions.
    currency, financialStatus: 'PAID', processedAt: order.placedAt.toISOString(), sourceIdentifier: order.sourceId, sourceName: 'quanyu', name: order.orderNumber, taxesIncluded: order.taxMinor === 0,
    lineItems: order.lines.map((line) => ({ sku: line.externalSku, title: line.title, quantity: line.quantity, requiresShipping: true, priceSet: set(line.unitPriceMinor) })),
    ...(order.shippingMinor > 0 && { shippingLines: [{ title: 'Shipping', priceSet: set(order.shippingMinor) }] }),
    ...(order.taxMinor > 0 && { taxLines: [{ title: 'Tax', rate: 0, priceSet: set(order.taxMinor) }] }),
    ...(order.discountMinor > 0 && { discountCode: { itemFixedDiscountCode: { code: 'QUANYU', amountSet: set(order.discountMinor) } } }),
    shippingAddress: { lastName: to.name ?? '-', phone: to.phone, address1: to.address1, address2: to.address2, city: to.city, provinceCode: null, province: to.province, zip: to.postalCode, countryCode: to.countryCode },
  };
}

/** Ends a copy; one that has been sent, wholly or in part, is left to the people there. */
export async function recallOrder(context: ClientContext, { sourceId }: OrderToRecall): Promise<'RECALLED' | 'TOO_LATE'> {
  const known = await copyOf(context, sourceId);
  if (known === undefined || known.cancelledAt !== null) return 'RECALLED';
  if (known.displayFulfillmentStatus !== 'UNFULFILLED') return 'TOO_LATE';
  const { data } = await ask<{ orderCancel: { orderCancelUserErrors: { code?: string | null }[] } }>(context, CANCEL, { orderId: known.id }, { points: 10, repeatable: true });
  refuseUserErrors(data.orderCancel.orderCancelUserErrors);
  return 'RECALLED';
}
