import { record } from '@quanyu/outbox';

export const onStockReserved = record;
