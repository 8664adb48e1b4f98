import { sum } from './sum.js';

export const add = (a: number, b: number): number => a + b;
