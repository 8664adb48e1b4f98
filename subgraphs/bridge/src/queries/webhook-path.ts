import { slugOf, type Platform } from '../channels/channels.js';

/** The path that a channel's webhooks are posted to. */
export const webhookPath = (platform: Platform, channelId: string): string => `/webhooks/${slugOf(platform)}/${channelId}`;
