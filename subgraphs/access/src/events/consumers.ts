import { onOrdersExported } from './on-orders-exported.js';

export const consumers = [onOrdersExported];
