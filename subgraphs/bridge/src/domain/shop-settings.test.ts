import { describe, expect, it } from '@jest/globals';
import { isCurrency, isTimeZone, localeOf, shopStatus } from './shop-settings.js';

describe('settings of a shop', () => {
  it.each([['zh-cn', 'zh-CN'], ['en_US', 'en-US'], ['', null], ['<b>', null], ['x'.repeat(36), null]])('of %j the language is %j', (text, locale) => {
    expect(localeOf(text)).toBe(locale);
  });

  it('have a currency and a zone that exist', () => {
    expect(['CNY', 'KWD', 'cny', 'QQQ', ''].filter(isCurrency)).toEqual(['CNY', 'KWD']);
    expect(['Asia/Shanghai', 'UTC', '+08:00', 'Asia/Nowhere', ''].filter(isTimeZone)).toEqual(['Asia/Shanghai', 'UTC']);
  });

  it('say whether it is active, inactive, or suspended with its merchant', () => {
    expect([['ACTIVE', false], ['DISABLED', false], ['DISABLED', true]].map(([status, offWithTenant]) => shopStatus({ status, offWithTenant } as never))).toEqual(['ACTIVE', 'INACTIVE', 'SUSPENDED']);
  });
});
