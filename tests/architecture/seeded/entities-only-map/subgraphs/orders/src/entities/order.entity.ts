import { defineEntity } from '@mikro-orm/core';
import { firstState } from '../domain/states.js';

export const Order = defineEntity({ name: 'Order', properties: { state: firstState() } });
