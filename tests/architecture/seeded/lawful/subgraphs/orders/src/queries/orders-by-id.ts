import { Order } from '../entities/order.entity.js';

export const ordersById = Order;
