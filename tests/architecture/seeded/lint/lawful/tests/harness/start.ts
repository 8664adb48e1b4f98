import { record } from '@quanyu/outbox';

export const environment = { ...process.env, record };
