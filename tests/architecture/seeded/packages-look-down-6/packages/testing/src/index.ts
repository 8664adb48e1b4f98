import { above } from '@quanyu/standalone';

export const below = above;
