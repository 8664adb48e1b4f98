import type { Channel } from '../channel.js';
import { neverSigned } from '../never-signed.js';
import { noOrders } from '../no-orders.js';
import { wechatConnector } from './client.js';

const APP = /^wx[0-9a-f]{16}$/;

export const wechat: Channel = {
  topics: {},
  // A mini-program is known by its app id. Its orders are ours: nothing of them is read.
  shopDomainOf: (text) => (APP.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: neverSigned,
  connector: wechatConnector,
};
