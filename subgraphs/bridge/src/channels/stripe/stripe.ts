import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { stripeConnector } from './client.js';
import { hintsOf, verifyPush } from './push.js';

const ACCOUNT = /^acct_\w{8,40}$/;

export const stripe: Channel = {
  topics: { [PUSHED]: 'HINT' },
  shopDomainOf: (text) => (ACCOUNT.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: verifyPush,
  hintsOf,
  connector: stripeConnector,
};
