import { onOrderCancelled } from '../events/on-order-cancelled.js';

export const cancelOrder = onOrderCancelled;
