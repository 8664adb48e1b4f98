import { onOrderChanged } from './on-order-changed.js';

export const consumers = [onOrderChanged];
