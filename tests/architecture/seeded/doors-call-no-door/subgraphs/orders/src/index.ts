export { cancelOrder } from './graphql/cancel-order.mutation.js';
