import type { Id } from '@quanyu/ids';

export interface OrderPlaced { orderId: Id }
export const orderPlaced = (orderId: Id): OrderPlaced => ({ orderId });
