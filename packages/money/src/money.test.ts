import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, compare, money, MoneyError, multiply, negate, subtract, sum, zero } from './index.js';

const MOST = Number.MAX_SAFE_INTEGER;
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof MoneyError ? error.code : error;
  }
};

// Amounts that stay exact however two or three of them are joined.
const amount = fc.integer({ min: -(2 ** 50), max: 2 ** 50 }).map((minor) => money(minor, 'CNY'));

describe('money', () => {
  it.each([1.5, NaN, Infinity, -Infinity, MOST + 1, -MOST - 1])('refuses %d minor units', (minor) => {
    expect(codeOf(() => money(minor, 'CNY'))).toBe('AMOUNT_OUT_OF_RANGE');
  });

  it('refuses what is no currency, and texts for numbers', () => {
    expect(codeOf(() => money(1, 'RMB'))).toBe('UNKNOWN_CURRENCY');
    expect(codeOf(() => zero('cny'))).toBe('UNKNOWN_CURRENCY');
    expect(codeOf(() => money('1999' as unknown as number, 'CNY'))).toBe('AMOUNT_OUT_OF_RANGE');
  });

  it('knows no negative zero', () => {
    for (const nothing of [money(-0, 'CNY'), negate(zero('CNY')), multiply(money(-5, 'CNY'), 0), zero('CNY')]) {
      expect(Object.is(nothing.amountMinor, 0)).toBe(true);
    }
  });

  it('speaks English and Chinese', () => {
    expect(new MoneyError('CURRENCY_MISMATCH').messages).toEqual({
      en: expect.stringMatching(/currencies/),
      'zh-CN': expect.stringMatching(/币种/),
    });
  });
});

describe('adding', () => {
  it('commutes, associates and undoes', () => {
    fc.assert(
      fc.property(amount, amount, amount, (a, b, c) => {
        expect(add(a, b)).toEqual(add(b, a));
        expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(add(a, negate(a))).toEqual(zero('CNY'));
      }),
    );
  });

  it('sums a list in any order, also where a step on the way would be too large', () => {
    fc.assert(
      fc.property(fc.array(amount), (list) => {
        expect(sum(list.toReversed(), 'CNY')).toEqual(sum(list, 'CNY'));
        expect(sum(list, 'CNY')).toEqual(list.reduce(add, zero('CNY')));
      }),
    );
    const large = money(MOST, 'CNY');
    expect(sum([large, large, negate(large)], 'CNY')).toEqual(large);
    expect(sum([], 'JPY')).toEqual(zero('JPY'));
  });

  it('refuses to mix currencies', () => {
    const [yuan, yen] = [money(1, 'CNY'), money(1, 'JPY')];
    for (const work of [add, subtract, compare]) expect(codeOf(() => work(yuan, yen))).toBe('CURRENCY_MISMATCH');
    expect(codeOf(() => sum([yuan, yen], 'CNY'))).toBe('CURRENCY_MISMATCH');
    expect(codeOf(() => sum([yen], 'CNY'))).toBe('CURRENCY_MISMATCH');
  });

  it('refuses to leave the exact numbers', () => {
    const [large, one] = [money(MOST, 'CNY'), money(1, 'CNY')];
    expect(codeOf(() => add(large, one))).toBe('AMOUNT_OUT_OF_RANGE');
    expect(codeOf(() => subtract(negate(large), one))).toBe('AMOUNT_OUT_OF_RANGE');
    expect(codeOf(() => sum([large, one], 'CNY'))).toBe('AMOUNT_OUT_OF_RANGE');
    expect(codeOf(() => add({ amountMinor: 0.5, currency: 'CNY' }, zero('CNY')))).toBe('AMOUNT_OUT_OF_RANGE');
    expect(codeOf(() => sum([{ amountMinor: 0.5, currency: 'CNY' }], 'CNY'))).toBe('AMOUNT_OUT_OF_RANGE');
  });
});

describe('multiply', () => {
  it('is exact or refuses', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (minor, factor) => {
        const exact = BigInt(minor) * BigInt(factor);
        const fits = exact <= BigInt(MOST) && exact >= -BigInt(MOST);
        const product = codeOf(() => multiply(money(minor, 'CNY'), factor).amountMinor);
        expect(product).toBe(fits ? Number(exact) : 'AMOUNT_OUT_OF_RANGE');
      }),
    );
    expect(multiply(money(1999, 'CNY'), 3)).toEqual(money(5997, 'CNY'));
    expect(codeOf(() => multiply(money(1999, 'CNY'), 0.5))).toBe('AMOUNT_OUT_OF_RANGE');
  });
});

describe('compare', () => {
  it('orders as the numbers do', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(compare(a, b)).toBe(Math.sign(a.amountMinor - b.amountMinor));
      }),
    );
  });
});
