import type { Channel } from '../channel.js';
import { neverSigned } from '../never-signed.js';
import { noOrders } from '../no-orders.js';
import { alipayConnector } from './client.js';

const APP = /^\d{16}$/;

export const alipay: Channel = {
  topics: {},
  // A merchant is known by its app id.
  shopDomainOf: (text) => (APP.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: neverSigned,
  connector: alipayConnector,
};
