import type { OrderPlaced } from '@quanyu/events';

export const record = (event: OrderPlaced): OrderPlaced => event;
