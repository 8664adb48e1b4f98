import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { kuaidi100Connector } from './client.js';
import { TAKEN, tracksOf, verifyPush } from './push.js';

const CUSTOMER = /^[0-9A-F]{32}$/;

export const kuaidi100: Channel = {
  topics: { [PUSHED]: 'TRACKS' },
  shopDomainOf: (text) => { const customer = text.trim().toUpperCase(); return CUSTOMER.test(customer) ? customer : null; },
  toOrder: noOrders,
  verify: verifyPush,
  tracksOf,
  taken: TAKEN,
  connector: kuaidi100Connector,
};
