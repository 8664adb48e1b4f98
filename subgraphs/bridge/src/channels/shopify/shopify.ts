import type { Channel } from '../channel.js';
import { isSigned } from './signer.js';
import { toOrder } from './to-order.js';
import { meaningOf } from './topics.js';
import { webhookHead } from './webhook-head.js';

const SHOP = /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/;

const shopDomainOf = (text: string): string | null => {
  const domain = text.trim().toLowerCase();
  return SHOP.test(domain) ? domain : null;
};

export const shopify: Channel = {
  platform: 'SHOPIFY',
  slug: 'shopify',
  shopDomainOf,
  meaningOf,
  toOrder,
  verify: ({ headers, body }, { secrets, shopDomain }) => {
    const signature = headers['x-shopify-hmac-sha256'];
    if (typeof signature !== 'string' || signature === '') return { kind: 'refused', reason: 'SIGNATURE_MISSING' };
    if (!isSigned(body, signature, secrets)) return { kind: 'refused', reason: 'SIGNATURE_WRONG' };
    // One app's secret signs for all its shops: another shop's genuine webhook must not become an order here.
    const shop = headers['x-shopify-shop-domain'];
    if (shopDomain !== null && shop !== undefined && shopDomainOf(String(shop)) !== shopDomain) return { kind: 'refused', reason: 'SHOP_MISMATCH' };
    return { kind: 'genuine', head: webhookHead(headers) };
  },
};
