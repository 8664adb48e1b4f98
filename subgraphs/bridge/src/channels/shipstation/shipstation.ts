import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { shipstationConnector } from './client.js';
import { hintsOf, verifyPush } from './push.js';

const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9 _.-]{1,60}$/;

export const shipstation: Channel = {
  topics: { [PUSHED]: 'HINT' },
  // It has accounts and no shops: the account's name stands for one.
  shopDomainOf: (text) => (ACCOUNT.test(text.trim()) ? text.trim().toLowerCase() : null),
  toOrder: noOrders,
  verify: verifyPush,
  hintsOf,
  connector: shipstationConnector,
};
