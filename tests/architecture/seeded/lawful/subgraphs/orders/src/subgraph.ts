import { takeOrder } from './graphql/take-order.mutation.js';
import { onStockReserved } from './events/on-stock-reserved.js';

export const orders = [takeOrder, onStockReserved];
