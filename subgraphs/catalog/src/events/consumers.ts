import { onChannelProductTold } from './on-channel-product-told.js';

export const consumers = [onChannelProductTold];
