import { plan } from '@quanyu/gateway';

export const orders = plan;
