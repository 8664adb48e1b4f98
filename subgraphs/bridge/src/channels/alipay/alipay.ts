import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { alipayConnector } from './client.js';
import { hintsOf, verifyPush } from './push.js';

const APP = /^\d{16}$/;

export const alipay: Channel = {
  topics: { [PUSHED]: 'HINT' },
  // A merchant is known by its app id.
  shopDomainOf: (text) => (APP.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: verifyPush,
  hintsOf,
  taken: { type: 'text/plain', body: 'success' },
  connector: alipayConnector,
};
