import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskAddressLine, maskEmail, maskName, maskPhone, maskText } from './index.js';

describe('maskPhone', () => {
  it.each([
    ['+8613812341234', '138****1234'],
    ['13812341234', '138****1234'],
    ['138 1234 1234', '138****1234'],
    ['１３８１２３４１２３４', '138****1234'],
    ['+14155552671', '415****671'],
    ['+85291234567', '91****67'],
    ['13812341234-5678', '138****5678'],
    ['1234567', '****'],
    ['110', '****'],
    ['', '****'],
    ['call me', '****'],
  ])('%s gives %s', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });

  it.each(['138****1234', '+86 138****1234', '+86138****1234', '*******1234', '138＊＊＊＊1234'])(
    'leaves the masked %s as it came',
    (phone) => {
      expect(maskPhone(phone)).toBe(phone);
    },
  );

  it('masks what only looks masked', () => {
    expect(maskPhone('1381234123*')).toBe('138****123');
    expect(maskPhone('张三 138****1234 上海')).toBe('****');
  });

  it('hides at least four digits of any number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[0-9]{1,15}$/), (phone) => {
        const shown = maskPhone(phone).replace(/\D/g, '').length;
        expect(shown).toBeLessThanOrEqual(Math.max(0, phone.replace(/\D/g, '').length - 4));
      }),
    );
  });
});

describe('maskEmail', () => {
  it.each([
    ['bob@example.com', 'b***@example.com'],
    ['b***@example.com', 'b***@example.com'],
    ['"a@b"@example.com', '"***@example.com'],
    ['@example.com', '***'],
    ['bob', '***'],
    ['', '***'],
  ])('%s gives %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});

describe('maskName', () => {
  it.each([
    ['张三', '张**'],
    ['欧阳小明', '欧**'],
    ['张**', '张**'],
    ['𠮷田', '𠮷**'],
    ['김철수', '김**'],
    ['Bob', 'B***'],
    [' Bob Lane ', 'B***'],
    ['', ''],
  ])('%s gives %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });
});

describe('maskAddressLine', () => {
  it.each([
    ['上海市浦东新区世纪大道100号', '上海市***'],
    ['742 Evergreen Terrace', '742***'],
    ['上海市***', '上海市***'],
    ['上海市浦东新区***路', '上海市***'],
    ['12A', '1***'],
    ['室', '***'],
    ['', ''],
  ])('%s gives %s', (line, masked) => {
    expect(maskAddressLine(line)).toBe(masked);
  });
});

it.each([maskPhone, maskEmail, maskName, maskAddressLine])('masking twice changes nothing: %p', (mask) => {
  const prose = fc.string({ unit: 'grapheme' });
  const phones = fc.stringMatching(/^\+?[0-9* -]{5,15}$/);
  fc.assert(
    fc.property(fc.oneof(prose, fc.emailAddress(), phones), (value) => {
      expect(mask(mask(value))).toBe(mask(value));
    }),
  );
});

it('is quick on hostile texts', () => {
  const begin = process.cpuUsage();
  for (const part of ['1', '*', '@', 'a@', '1 ', '张', '+']) {
    for (const mask of [maskPhone, maskEmail, maskName, maskAddressLine, maskText]) mask(part.repeat(50_000));
  }
  // Processor time: what else the machine does is not ours.
  expect(process.cpuUsage(begin).user).toBeLessThan(1_000_000);
});

describe('maskText', () => {
  it.each([
    ['请周末送达，电话 13812341234', '请周末送达，电话 ***'],
    ['call +1 (217) 555-0123 please', 'call *** please'],
    ['write to bob@example.com, or ring 0571-8765 4321', 'write to b***@example.com, or ring ***'],
    ['１３８１２３４１２３４', '***'],
    ['اتصل على ٠١٢٣٤٥٦٧', 'اتصل على ***'],
    ['room 1204, 2 bells, 3 pieces of 50 g', 'room 1204, 2 bells, 3 pieces of 50 g'],
    ['生日快乐 🎂', '生日快乐 🎂'],
  ])('%s: %s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
    expect(maskText(masked)).toBe(masked);
  });
});
