import type { Meaning } from '../channel.js';

/**
 * Topics whose body is a whole order, product or customer. Documents differ in `orders/update` and `orders/updated`: both
 * come. Older papers call customers `tenants`, and shops of that time may push under that word.
 */
export const TOPICS: Readonly<Record<string, Meaning>> = {
  'orders/create': 'ORDER',
  'orders/update': 'ORDER',
  'orders/updated': 'ORDER',
  'orders/paid': 'ORDER',
  'orders/fulfilled': 'ORDER',
  'orders/cancelled': 'ORDER_CANCELLED',
  'products/create': 'PRODUCT',
  'products/update': 'PRODUCT',
  'products/delete': 'PRODUCT_REMOVED',
  'customers/create': 'CUSTOMER',
  'customers/update': 'CUSTOMER',
  'customers/delete': 'CUSTOMER_REMOVED',
  'tenants/create': 'CUSTOMER',
  'tenants/update': 'CUSTOMER',
  'tenants/delete': 'CUSTOMER_REMOVED',
};

/** What we ask it to push: of two spellings the one of its papers, and the rest. */
export const REGISTERED: readonly string[] = Object.keys(TOPICS).filter((topic) => topic !== 'orders/updated' && !topic.startsWith('tenants/'));
