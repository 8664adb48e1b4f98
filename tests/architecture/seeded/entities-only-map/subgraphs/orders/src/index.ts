export { Order } from './entities/order.entity.js';
