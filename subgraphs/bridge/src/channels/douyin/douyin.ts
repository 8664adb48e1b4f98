import type { Channel } from '../channel.js';
import { neverSigned } from '../never-signed.js';
import { douyinConnector } from './client.js';
import { toOrder } from './to-order.js';

/** A shop is known by its number. */
const SHOP = /^\d{4,20}$/;

export const douyin: Channel = {
  topics: {},
  shopDomainOf: (text) => (SHOP.test(text.trim()) ? text.trim() : null),
  toOrder,
  verify: neverSigned,
  connector: douyinConnector,
};
