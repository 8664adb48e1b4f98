import type { Meaning } from '../channel.js';

/**
 * Topics whose body is a whole order, or that end a connection. `orders/edited` and `orders/delete` are left out: their
 * bodies are no orders, and `orders/updated` comes beside an edit.
 */
export const TOPICS: Readonly<Record<string, Meaning>> = {
  'orders/create': 'ORDER',
  'orders/updated': 'ORDER',
  'orders/paid': 'ORDER',
  'orders/fulfilled': 'ORDER',
  'orders/partially_fulfilled': 'ORDER',
  'orders/cancelled': 'ORDER_CANCELLED',
  'app/uninstalled': 'UNINSTALLED',
};
