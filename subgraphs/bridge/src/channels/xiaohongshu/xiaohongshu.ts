import type { Channel } from '../channel.js';
import { neverSigned } from '../never-signed.js';
import { xiaohongshuConnector } from './client.js';
import { toOrder } from './to-order.js';

/** A shop is known by its seller id. */
const SELLER = /^[0-9a-f]{24}$/;

export const xiaohongshu: Channel = {
  topics: {},
  shopDomainOf: (text) => { const seller = text.trim().toLowerCase(); return SELLER.test(seller) ? seller : null; },
  toOrder,
  verify: neverSigned,
  connector: xiaohongshuConnector,
};
