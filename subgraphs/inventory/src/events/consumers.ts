import { onOrderCancelled } from './on-order-cancelled.js';
import { onOrderPlaced } from './on-order-placed.js';

export const consumers = [onOrderPlaced, onOrderCancelled];
