import type { Channel } from '../channel.js';
import { restListing } from '../reading/rest-listing.js';
import { signedWebhook } from '../signing/signed-webhook.js';
import { shopifyConnector } from './client.js';
import { copyOf } from './copy-of.js';
import { toOrder } from './to-order.js';
import { TOPICS } from './topics.js';
import { tracksOf } from './tracks.js';

const SHOP = /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/;

const shopDomainOf = (text: string): string | null => {
  const domain = text.trim().toLowerCase();
  return SHOP.test(domain) ? domain : null;
};

export const shopify: Channel = {
  topics: TOPICS,
  shopDomainOf,
  toOrder,
  copyOf,
  tracksOf,
  listing: restListing,
  connector: shopifyConnector,
  verify: signedWebhook({
    signature: 'x-shopify-hmac-sha256', shop: 'x-shopify-shop-domain', topic: 'x-shopify-topic',
    // The event id is shared by all deliveries of one event; it does where the delivery's own is missing.
    ids: ['x-shopify-webhook-id', 'x-shopify-event-id'], triggeredAt: 'x-shopify-triggered-at',
  }, shopDomainOf),
};
