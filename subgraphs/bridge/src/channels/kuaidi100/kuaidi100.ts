import type { Channel } from '../channel.js';
import { neverSigned } from '../never-signed.js';
import { noOrders } from '../no-orders.js';
import { kuaidi100Connector } from './client.js';

const CUSTOMER = /^[0-9A-F]{32}$/;

export const kuaidi100: Channel = {
  topics: {},
  shopDomainOf: (text) => { const customer = text.trim().toUpperCase(); return CUSTOMER.test(customer) ? customer : null; },
  toOrder: noOrders,
  verify: neverSigned,
  connector: kuaidi100Connector,
};
