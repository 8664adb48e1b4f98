import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TAKES_FORM, takersOf, type System } from './takers.js';

const system = (id: string, over: Partial<System> = {}): System => ({ id, platform: 'SHIPSTATION', purpose: 'SHIP', takes: 'ALL', ...over });
const order = { connectionId: 'con_taobao', platform: 'TAOBAO' };

describe('an order', () => {
  it('goes to one system that ships, the older one, and to each that counts', () => {
    expect(takersOf(order, [system('a'), system('b', { purpose: 'COUNT', platform: 'ZOHO' }), system('c'), system('d', { purpose: 'COUNT', platform: 'ZOHO' })]).map(({ id }) => id)).toEqual(['a', 'b', 'd']);
  });

  it('goes where orders of its platform are taken', () => {
    const systems = [system('none', { takes: 'NONE' }), system('douyin', { takes: 'DOUYIN,OWN' }), system('taobao', { takes: 'DOUYIN,TAOBAO' })];
    expect(takersOf(order, systems).map(({ id }) => id)).toEqual(['taobao']);
    expect(takersOf({ connectionId: 'con_own', platform: 'OWN' }, systems).map(({ id }) => id)).toEqual(['douyin']);
    expect(takersOf({ connectionId: 'con_x', platform: 'TAO' }, systems)).toEqual([]);
  });

  it('never goes back to the channel or platform that it came from, and ships once', () => {
    const platforms = fc.constantFrom('TAOBAO', 'SHOPIFY', 'SHIPSTATION', 'ZOHO');
    fc.assert(fc.property(
      fc.record({ connectionId: fc.constantFrom('a', 'b', 'c'), platform: platforms }),
      fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), platform: platforms, purpose: fc.constantFrom('SHIP' as const, 'COUNT' as const), takes: fc.constantFrom('ALL', 'NONE', 'TAOBAO', 'ZOHO,SHOPIFY') }), { selector: ({ id }) => id }),
      (from, systems) => {
        const takers = takersOf(from, systems);
        expect(takers.some(({ id, platform }) => id === from.connectionId || platform === from.platform)).toBe(false);
        expect(takers.filter(({ purpose }) => purpose === 'SHIP').length).toBeLessThanOrEqual(1);
      }));
  });

  it('takes a setting of this form only', () => {
    expect(['ALL', 'NONE', 'TAOBAO', 'TAOBAO,DOUYIN', 'OWN'].every((takes) => TAKES_FORM.test(takes))).toBe(true);
    expect(['', 'taobao', 'TAOBAO,', ',TAOBAO', 'TAOBAO DOUYIN'].some((takes) => TAKES_FORM.test(takes))).toBe(false);
  });
});
