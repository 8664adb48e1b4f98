import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { kdniaoConnector } from './client.js';
import { TAKEN, tracksOf, verifyPush } from './push.js';

const BUSINESS = /^\d{5,12}$/;

export const kdniao: Channel = {
  topics: { [PUSHED]: 'TRACKS' },
  shopDomainOf: (text) => (BUSINESS.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: verifyPush,
  tracksOf,
  signsWithAccount: true,
  taken: TAKEN,
  connector: kdniaoConnector,
};
