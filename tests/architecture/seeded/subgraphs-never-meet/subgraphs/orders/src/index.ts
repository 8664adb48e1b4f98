import { reserve } from '@quanyu/inventory';

export const placeOrder = (n: number): number => reserve(n);
