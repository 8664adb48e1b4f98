import type { Channel } from '../channel.js';
import { neverSigned } from '../signing/never-signed.js';
import { pinduoduoConnector } from './client.js';
import { toOrder } from './to-order.js';

/** A shop is known by its number. */
const MALL = /^\d{3,20}$/;

export const pinduoduo: Channel = {
  topics: {},
  shopDomainOf: (text) => (MALL.test(text.trim()) ? text.trim() : null),
  toOrder,
  verify: neverSigned,
  connector: pinduoduoConnector,
};
