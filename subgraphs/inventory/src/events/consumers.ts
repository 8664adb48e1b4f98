import { onOrderCancelled } from './on-order-cancelled.js';
import { onOrderConfirmed } from './on-order-confirmed.js';
import { onOrderPlaced } from './on-order-placed.js';

export const consumers = [onOrderPlaced, onOrderConfirmed, onOrderCancelled];
