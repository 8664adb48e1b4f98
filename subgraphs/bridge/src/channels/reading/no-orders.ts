import type { Channel } from '../channel.js';
import { notAnOrder } from './order-words.js';

/** For a platform that buyers do not order at: no body of its is an order. */
export const noOrders: Channel['toOrder'] = () => notAnOrder('body');
