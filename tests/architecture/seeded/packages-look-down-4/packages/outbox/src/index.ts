import { above } from '@quanyu/calls';

export const below = above;
