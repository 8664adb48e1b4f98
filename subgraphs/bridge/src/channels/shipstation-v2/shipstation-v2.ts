import type { Channel } from '../channel.js';
import { noOrders } from '../reading/no-orders.js';
import { PUSHED } from '../signing/pushed.js';
import { shipstation } from '../shipstation/shipstation.js';
import { shipstationV2Connector } from './client.js';
import { hintsOf, verifyPush } from './push.js';

export const shipstationV2: Channel = {
  topics: { [PUSHED]: 'HINT' },
  shopDomainOf: shipstation.shopDomainOf,
  toOrder: noOrders,
  verify: verifyPush,
  hintsOf,
  connector: shipstationV2Connector,
};
