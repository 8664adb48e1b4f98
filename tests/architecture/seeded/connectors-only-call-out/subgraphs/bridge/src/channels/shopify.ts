import { storeDelivery } from '../commands/store-delivery.js';

export const shopify = storeDelivery;
