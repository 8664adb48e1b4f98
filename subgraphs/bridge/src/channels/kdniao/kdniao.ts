import type { Channel } from '../channel.js';
import { neverSigned } from '../never-signed.js';
import { noOrders } from '../no-orders.js';
import { kdniaoConnector } from './client.js';

const BUSINESS = /^\d{5,12}$/;

export const kdniao: Channel = {
  topics: {},
  shopDomainOf: (text) => (BUSINESS.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: neverSigned,
  connector: kdniaoConnector,
};
