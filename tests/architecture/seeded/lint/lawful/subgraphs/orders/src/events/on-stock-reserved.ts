import { on } from '@quanyu/outbox';

export const onStockReserved = on;
