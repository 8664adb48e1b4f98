import { shopify } from '@quanyu/channel-sandbox';

export const job = shopify;
