import { record } from '@quanyu/outbox';

export const takeOrder = async (): Promise<unknown> => record;
