import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskEmail, maskPhone, normaliseEmail, normalisePhone } from './index.js';

describe('normalisePhone', () => {
  it.each([
    '13812341234',
    '+86 138 1234 1234',
    '0086-138-1234-1234',
    '8613812341234',
    '(138) 1234-1234',
    '１３８１２３４１２３４',
    '\u202a138\u200b12341234\u202c',
  ])('reads %j as one and the same number', (raw) => {
    expect(normalisePhone(raw)).toBe('+8613812341234');
  });

  it('takes the region for numbers without a country code only', () => {
    expect(normalisePhone('(415) 555-2671', 'US')).toBe('+14155552671');
    expect(normalisePhone('+1 415 555 2671')).toBe('+14155552671');
    expect(normalisePhone('+85291234567', 'US')).toBe('+85291234567');
    expect(normalisePhone('+85291234567', 'nowhere')).toBe('+85291234567');
    expect(normalisePhone('91234567', 'nowhere')).toBeNull();
  });

  it.each([
    ['masked', '138****1234'],
    ['masked in full width', '138＊＊＊＊1234'],
    ['masked by letters', '138xxxx1234'],
    ['with an extension', '13812341234 ext 12'],
    ['with the extension of a lent number', '13812341234-5678'],
    ['inside a text', 'call 13812341234'],
    ['too short', '110'],
    ['empty', ''],
    ['endless', '1'.repeat(50_000)],
  ])('gives null for what is %s', (_why, raw) => {
    expect(normalisePhone(raw)).toBeNull();
  });

  it('gives null for what our own mask left', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^1[3-9][0-9]{9}$/), (phone) => {
        expect(normalisePhone(maskPhone(phone))).toBeNull();
      }),
    );
  });

  it('changes nothing the second time', () => {
    const once = normalisePhone('138 1234 1234') ?? '';
    expect(normalisePhone(once, 'US')).toBe(once);
  });
});

describe('normaliseEmail', () => {
  it.each([
    [' Bob.Lane+shop@Example.COM ', 'bob.lane+shop@example.com'],
    ['ｂｏｂ@example.com', 'bob@example.com'],
    ['bob@例子.中国', 'bob@xn--fsqu00a.xn--fiqs8s'],
    ['张三@example.com', '张三@example.com'],
  ])('%j gives %j', (raw, normal) => {
    expect(normaliseEmail(raw)).toBe(normal);
    expect(normaliseEmail(normal)).toBe(normal);
  });

  it.each(['', 'bob', '@example.com', 'bob@', 'bob@localhost', 'a b@example.com', 'a@b@example.com', 'bob@exa mple.com',
    'bob@example..com', 'b***@example.com', '<bob@example.com>', `${'a'.repeat(65)}@example.com`, 'a@'.repeat(30_000),
  ])('gives null for %.40j', (raw) => {
    expect(normaliseEmail(raw)).toBeNull();
  });

  it('gives null for what our own mask left', () => {
    fc.assert(fc.property(fc.emailAddress(), (email) => expect(normaliseEmail(maskEmail(email))).toBeNull()));
  });
});
