import { onChannelSkuMapped } from './on-channel-sku-mapped.js';
import { onOrderReceived } from './on-order-received.js';
import { onSkuCreated } from './on-sku-created.js';
import { onStockReserved } from './on-stock-reserved.js';
import { onStockShort } from './on-stock-short.js';

export const consumers = [onOrderReceived, onSkuCreated, onChannelSkuMapped, onStockReserved, onStockShort];
