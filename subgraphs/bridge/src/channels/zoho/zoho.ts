import type { Channel } from '../channel.js';
import { neverSigned } from '../never-signed.js';
import { noOrders } from '../no-orders.js';
import { zohoConnector } from './client.js';

/** An organisation is known by its number. */
const ORGANISATION = /^\d{4,20}$/;

export const zoho: Channel = {
  topics: {},
  shopDomainOf: (text) => (ORGANISATION.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: neverSigned,
  connector: zohoConnector,
};
