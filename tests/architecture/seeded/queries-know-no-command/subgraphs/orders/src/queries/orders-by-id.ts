import { takeOrder } from '../commands/take-order.js';

export const ordersById = takeOrder;
