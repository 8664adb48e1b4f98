import type { Channel } from '../channel.js';
import { PUSHED } from '../signing/pushed.js';
import { xiaohongshuConnector } from './client.js';
import { hintsOf, verifyPush } from './push.js';
import { toOrder } from './to-order.js';

/** A shop is known by its seller id. */
const SELLER = /^[0-9a-f]{24}$/;

export const xiaohongshu: Channel = {
  topics: { [PUSHED]: 'HINT' },
  shopDomainOf: (text) => { const seller = text.trim().toLowerCase(); return SELLER.test(seller) ? seller : null; },
  toOrder,
  verify: verifyPush,
  hintsOf,
  taken: { type: 'application/json', body: '{"success":true,"error_code":0,"error_msg":""}' },
  connector: xiaohongshuConnector,
};
