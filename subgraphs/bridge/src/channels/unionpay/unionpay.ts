import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { unionpayConnector } from './client.js';
import { hintsOf, verifyPush } from './push.js';

const MERCHANT = /^\d{15}$/;

export const unionpay: Channel = {
  topics: { [PUSHED]: 'HINT' },
  // A merchant is known by its number.
  shopDomainOf: (text) => (MERCHANT.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: verifyPush,
  hintsOf,
  taken: { type: 'text/plain', body: 'ok' },
  connector: unionpayConnector,
};
