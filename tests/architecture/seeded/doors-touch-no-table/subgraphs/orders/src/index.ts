export { orders } from './graphql/order.resolver.js';
