import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { money, MoneyError, parseDecimal, toDecimal } from './index.js';

const codeOf = (text: string, currency: string): unknown => {
  try {
    return parseDecimal(text, currency).amountMinor;
  } catch (error) {
    return error instanceof MoneyError ? error.code : error;
  }
};
const currency = fc.constantFrom('CNY', 'JPY', 'KWD', 'CLF');

describe('parseDecimal', () => {
  it.each([
    ['19.99', 'CNY', 1999],
    ['19.9', 'CNY', 1990],
    ['19', 'CNY', 1900],
    ['-5.00', 'USD', -500],
    ['+5.00', 'USD', 500],
    ['199.000', 'USD', 19900],
    ['0.00', 'USD', 0],
    ['007.50', 'USD', 750],
    ['1999', 'JPY', 1999],
    ['1999.00', 'JPY', 1999],
    ['1.234', 'KWD', 1234],
    ['0.0001', 'CLF', 1],
    // Values that a float would spoil: 4.35 * 100 is 434.99999999999994.
    ['4.35', 'USD', 435],
    ['1.005', 'KWD', 1005],
    ['90071992547409.91', 'CNY', Number.MAX_SAFE_INTEGER],
    ['-90071992547409.91', 'CNY', -Number.MAX_SAFE_INTEGER],
  ])('reads %s %s as %d minor units', (text, code, minor) => {
    expect(parseDecimal(text, code)).toEqual(money(minor, code));
  });

  it.each(['', ' ', 'NaN', 'Infinity', '1e3', '1E3', '1,999.00', '1 999', '1_999', '1.999,00', '.5', '5.', '-', '+-5', '--5',
    '5.0.0', ' 5', '5 ', '5\n', '0x10', '１９.９９', '٥', '¥5', '5 CNY', '(5.00)', '9'.repeat(50_000),
  ])('refuses %.30j', (text) => {
    expect(codeOf(text, 'CNY')).toBe('INVALID_AMOUNT');
  });

  it('refuses what was a float before', () => {
    for (const value of [19.99, 19, null, undefined, 5n, ['5']]) {
      expect(codeOf(value as unknown as string, 'CNY')).toBe('INVALID_AMOUNT');
    }
  });

  it('refuses decimals that the currency does not have, and unknown currencies', () => {
    expect(codeOf('19.999', 'CNY')).toBe('TOO_MANY_DECIMALS');
    expect(codeOf('19.9', 'JPY')).toBe('TOO_MANY_DECIMALS');
    expect(codeOf('1.2345', 'KWD')).toBe('TOO_MANY_DECIMALS');
    expect(codeOf('19.99', 'RMB')).toBe('UNKNOWN_CURRENCY');
  });

  it('refuses what is beyond the exact numbers', () => {
    expect(codeOf('90071992547409.92', 'CNY')).toBe('AMOUNT_OUT_OF_RANGE');
    expect(codeOf('9'.repeat(30), 'CNY')).toBe('AMOUNT_OUT_OF_RANGE');
  });

  it('knows no negative zero', () => {
    expect(Object.is(parseDecimal('-0.00', 'CNY').amountMinor, 0)).toBe(true);
  });
});

describe('toDecimal', () => {
  it.each([
    [1999, 'CNY', '19.99'],
    [1999, 'JPY', '1999'],
    [1234, 'KWD', '1.234'],
    [5, 'CNY', '0.05'],
    [-5, 'CNY', '-0.05'],
    [0, 'CNY', '0.00'],
    [0, 'JPY', '0'],
    [-1999, 'JPY', '-1999'],
    [Number.MAX_SAFE_INTEGER, 'CNY', '90071992547409.91'],
  ])('prints %d %s as %s', (minor, code, text) => {
    expect(toDecimal(money(minor, code))).toBe(text);
  });

  it('prints what parseDecimal reads back, for every amount', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (minor, code) => {
        expect(parseDecimal(toDecimal(money(minor, code)), code)).toEqual(money(minor, code));
      }),
    );
  });

  it('refuses an amount that is none', () => {
    expect(() => toDecimal({ amountMinor: 0.5, currency: 'CNY' })).toThrow(MoneyError);
  });
});
