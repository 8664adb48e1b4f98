import { above } from '@quanyu/money';

export const below = above;
