import { onChannelLeft } from './on-channel-left.js';
import { onOrdersExported } from './on-orders-exported.js';

export const consumers = [onChannelLeft, onOrdersExported];
