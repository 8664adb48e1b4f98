import { add } from './add.js';

export const sum = (list: readonly number[]): number => list.reduce(add, 0);
