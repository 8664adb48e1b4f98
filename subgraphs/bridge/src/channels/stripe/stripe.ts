import type { Channel } from '../channel.js';
import { neverSigned } from '../never-signed.js';
import { noOrders } from '../no-orders.js';
import { stripeConnector } from './client.js';

const ACCOUNT = /^acct_\w{8,40}$/;

export const stripe: Channel = {
  topics: {},
  shopDomainOf: (text) => (ACCOUNT.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: neverSigned,
  connector: stripeConnector,
};
