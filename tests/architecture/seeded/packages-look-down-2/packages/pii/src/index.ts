import { above } from '@quanyu/database';

export const below = above;
