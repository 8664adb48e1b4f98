import { fixedClock } from '@quanyu/testing';

export const startedAt = fixedClock;
