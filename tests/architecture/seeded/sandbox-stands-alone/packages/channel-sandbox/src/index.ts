import { orderPlaced } from '@quanyu/events';

export const sends = orderPlaced;
