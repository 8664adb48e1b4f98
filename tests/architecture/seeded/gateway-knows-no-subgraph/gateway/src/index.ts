import { orders } from '@quanyu/orders';

export const graph = [orders];
