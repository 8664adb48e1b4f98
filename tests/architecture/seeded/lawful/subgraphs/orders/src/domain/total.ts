import { type Id } from '@quanyu/ids';
import type { OrderPlaced } from '@quanyu/events';
import { add } from '@quanyu/money';

export const total = (id: Id, placed: OrderPlaced): number => add(id.length, placed.orderId.length);
