import { record } from '@quanyu/outbox';
import { total } from '../domain/total.js';
import { Order } from '../entities/order.entity.js';
import { ordersById } from '../queries/orders-by-id.js';

export const takeOrder = [record, total, Order, ordersById];
