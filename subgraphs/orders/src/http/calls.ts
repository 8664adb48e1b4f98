import { answer, buyerOf, orderToShip, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { buyerOfOrder } from '../queries/buyer-of-order.js';
import { orderForShipping } from '../queries/order-for-shipping.js';

/** What the bridge asks before it hands an order to a system that ships or counts it, or writes to its buyer. */
export const calls = ({ database }: SubgraphDeps): readonly CallHandler[] => [
  answer(orderToShip, ({ tenantId, orderId }) => orderForShipping(database, tenantId, orderId)),
  answer(buyerOf, async ({ tenantId, orderId }) => ({ order: await buyerOfOrder(database, tenantId, orderId) })),
];
