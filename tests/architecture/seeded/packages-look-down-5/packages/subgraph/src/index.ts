import { above } from '@quanyu/testing';

export const below = above;
