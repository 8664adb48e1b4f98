import type { Channel } from '../channel.js';
import { neverSigned } from '../signing/never-signed.js';
import { taobaoConnector } from './client.js';
import { toOrder } from './to-order.js';

const SHOP = /^[a-z0-9][a-z0-9-]{0,62}\.(?:taobao|tmall)\.com$/;

export const taobao: Channel = {
  topics: {},
  shopDomainOf: (text) => { const domain = text.trim().toLowerCase(); return SHOP.test(domain) ? domain : null; },
  toOrder,
  verify: neverSigned,
  connector: taobaoConnector,
};
