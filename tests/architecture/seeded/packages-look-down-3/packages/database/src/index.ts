import { above } from '@quanyu/outbox';

export const below = above;
