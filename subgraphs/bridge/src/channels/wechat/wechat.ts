import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { wechatConnector } from './client.js';
import { hintsOf, verifyPush } from './push.js';

const APP = /^wx[0-9a-f]{16}$/;

export const wechat: Channel = {
  topics: { [PUSHED]: 'HINT' },
  // A mini-program is known by its app id. Its orders are ours: nothing of them is read.
  shopDomainOf: (text) => (APP.test(text.trim()) ? text.trim() : null),
  toOrder: noOrders,
  verify: verifyPush,
  hintsOf,
  taken: { type: 'application/json', body: '{"code":"SUCCESS"}' },
  connector: wechatConnector,
};
