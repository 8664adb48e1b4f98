import type { Channel, Platform } from './channel.js';
import { shopify } from './shopify/shopify.js';

export const CHANNELS: Readonly<Record<Platform, Channel>> = { SHOPIFY: shopify };

/** The channel of a webhook's path segment. */
export const channelBySlug = (slug: string): Channel | undefined => Object.values(CHANNELS).find((channel) => channel.slug === slug);
