import { defineEntity } from '@mikro-orm/core';
import type { total } from '../domain/total.js';

export const Order = defineEntity({ name: 'Order' });
export type OrderRow = ReturnType<typeof total>;
