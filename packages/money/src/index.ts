export { add, compare, money, multiply, negate, subtract, sum, zero } from './money.js';
export type { Money } from './money.js';
export { allocate } from './allocate.js';
export { parseDecimal, toDecimal } from './decimal.js';
export { exponentOf, isCurrency } from './currency.js';
export type { CurrencyCode, CurrencyExponent } from './currency.js';
export { MoneyError } from './errors.js';
export type { MoneyErrorCode } from './errors.js';
