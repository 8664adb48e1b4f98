import type { Channel } from '../channel.js';
import { restListing } from '../reading/rest-listing.js';
import { signedWebhook } from '../signing/signed-webhook.js';
import { shoplazzaConnector } from './client.js';
import { toOrder } from './to-order.js';
import { TOPICS } from './topics.js';

// One shop answers under several spellings, and its webhooks may name any of them.
const SHOP = /^([a-z0-9][a-z0-9-]{0,62})\.(?:myshoplaza|myshoplazza|shoplazza)\.com$/;

/** The spelling that the platform's API listens at. */
const shopDomainOf = (text: string): string | null => {
  const [, shop] = SHOP.exec(text.trim().toLowerCase()) ?? [];
  return shop === undefined ? null : `${shop}.myshoplaza.com`;
};

export const shoplazza: Channel = {
  topics: TOPICS,
  shopDomainOf,
  toOrder,
  listing: restListing,
  connector: shoplazzaConnector,
  verify: signedWebhook({
    signature: 'x-shoplazza-hmac-sha256', shop: 'x-shoplazza-shop-domain', topic: 'x-shoplazza-topic',
    ids: ['x-shoplazza-deduplication-id'], triggeredAt: null,
  }, shopDomainOf),
};
