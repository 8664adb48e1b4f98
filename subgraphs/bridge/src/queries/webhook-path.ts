import type { Platform } from '../channels/channel.js';
import { CHANNELS } from '../channels/channels.js';

/** The path that a channel's webhooks are posted to. */
export const webhookPath = (platform: Platform, channelId: string): string => `/webhooks/${CHANNELS[platform].slug}/${channelId}`;
