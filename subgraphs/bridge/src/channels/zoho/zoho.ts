import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { zohoConnector } from './client.js';
import { hintsOf, verifyPush } from './push.js';

/** An organisation is known by its number. */
const ORGANISATION = /^\d{4,20}$/;

export const zoho: Channel = {
  topics: { [PUSHED]: 'HINT' },
  shopDomainOf: (text) => (ORGANISATION.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: verifyPush,
  hintsOf,
  connector: zohoConnector,
};
