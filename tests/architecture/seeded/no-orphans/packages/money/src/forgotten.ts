import { add } from './add.js';

export const twice = (a: number): number => add(a, a);
