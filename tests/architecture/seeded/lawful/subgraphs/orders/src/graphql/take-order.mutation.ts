import { takeOrder as told } from '../commands/take-order.js';
import { total } from '../domain/total.js';
import type { OrderRow } from '../entities/order.entity.js';
import { OrderType } from './order.type.js';

export type Row = OrderRow;
export const takeOrder = [told, total, OrderType];
