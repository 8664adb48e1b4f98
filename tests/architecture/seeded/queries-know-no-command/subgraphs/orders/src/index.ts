export { ordersById } from './queries/orders-by-id.js';
