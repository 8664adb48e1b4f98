import { graph } from '@quanyu/gateway';
import { orders } from '@quanyu/orders';
import { shopify } from '@quanyu/channel-sandbox';

export const everything = [graph, orders, shopify];
