import type { Meaning } from '../channel.js';

/**
 * Topics whose body is a whole order. Products and customers (which older papers call `tenants`) mean nothing to us yet.
 * Documents differ in `orders/update` and `orders/updated`: both come.
 */
export const TOPICS: Readonly<Record<string, Meaning>> = {
  'orders/create': 'ORDER',
  'orders/update': 'ORDER',
  'orders/updated': 'ORDER',
  'orders/paid': 'ORDER',
  'orders/fulfilled': 'ORDER',
  'orders/cancelled': 'ORDER_CANCELLED',
};

/** What we ask it to push: of the two spellings the one of its papers, and the rest. */
export const REGISTERED: readonly string[] = Object.keys(TOPICS).filter((topic) => topic !== 'orders/updated');
