import { describe, expect, it } from '@jest/globals';
import { exponentOf, isCurrency, MoneyError } from './index.js';

describe('exponentOf', () => {
  it.each([
    [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    [2, 'CNY USD EUR GBP HKD TWD SGD MYR THB IDR HUF INR BRL'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
  ])('is %d for %s', (exponent, codes) => {
    for (const code of codes.split(' ')) expect([code, exponentOf(code)]).toEqual([code, exponent]);
  });

  it.each(['', 'cny', 'RMB', 'XXX', 'CN', 'CNY ', '人民币', '__proto__'])('refuses %j', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => exponentOf(code)).toThrow(MoneyError);
  });

  it('knows every currency of Intl', () => {
    for (const code of Intl.supportedValuesOf('currency')) expect(isCurrency(code)).toBe(true);
  });
});
