import { defineEntity } from '@mikro-orm/core';

export const Order = defineEntity({ name: 'Order' });
