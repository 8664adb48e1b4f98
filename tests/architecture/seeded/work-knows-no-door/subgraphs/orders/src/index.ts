export { takeOrder } from './commands/take-order.js';
