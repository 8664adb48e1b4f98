import type { Channel } from '../channel.js';
import { PUSHED } from '../signing/pushed.js';
import { douyinConnector } from './client.js';
import { hintsOf, verifyPush } from './push.js';
import { toOrder } from './to-order.js';

/** A shop is known by its number. */
const SHOP = /^\d{4,20}$/;

export const douyin: Channel = {
  topics: { [PUSHED]: 'HINT' },
  shopDomainOf: (text) => (SHOP.test(text.trim()) ? text.trim() : null),
  toOrder,
  verify: verifyPush,
  hintsOf,
  taken: { type: 'application/json', body: '{"code":0,"msg":"success"}' },
  connector: douyinConnector,
};
