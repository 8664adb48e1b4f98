import { orders } from '@quanyu/orders';

export const schemas = [orders];
