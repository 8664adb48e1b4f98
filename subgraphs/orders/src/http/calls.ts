import { answer, orderToShip, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { orderForShipping } from '../queries/order-for-shipping.js';

/** What the bridge asks before it hands an order to a system that ships or counts it. */
export const calls = ({ database }: SubgraphDeps): readonly CallHandler[] => [
  answer(orderToShip, ({ tenantId, orderId }) => orderForShipping(database, tenantId, orderId)),
];
