import type { Meaning } from '../channel.js';

/**
 * Topics whose body is a whole order, product or customer, or that end a connection. `orders/edited` and `orders/delete` are left out: their
 * bodies are no orders, and `orders/updated` comes beside an edit.
 */
export const TOPICS: Readonly<Record<string, Meaning>> = {
  'orders/create': 'ORDER',
  'orders/updated': 'ORDER',
  'orders/paid': 'ORDER',
  'orders/fulfilled': 'ORDER',
  'orders/partially_fulfilled': 'ORDER',
  'orders/cancelled': 'ORDER_CANCELLED',
  // Orders tell what was sent; this alone comes again with each step of a parcel's way.
  'fulfillments/update': 'TRACKS',
  'products/create': 'PRODUCT',
  'products/update': 'PRODUCT',
  'products/delete': 'PRODUCT_REMOVED',
  'customers/create': 'CUSTOMER',
  'customers/update': 'CUSTOMER',
  'customers/enable': 'CUSTOMER',
  'customers/disable': 'CUSTOMER',
  'customers/delete': 'CUSTOMER_REMOVED',
  'app/uninstalled': 'UNINSTALLED',
};
