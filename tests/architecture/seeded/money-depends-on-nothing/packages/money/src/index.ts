import Decimal from 'decimal.js';

export const add = (a: string, b: string): string => new Decimal(a).plus(b).toString();
