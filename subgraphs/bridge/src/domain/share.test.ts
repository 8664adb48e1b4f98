import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { share } from './share.js';

describe('what another system is given', () => {
  const order = { sourceId: 'ord_1', totalMinor: 8550, note: 'ring twice', lines: [{ title: '杯', secret: 1 }, { title: '茶', secret: 2 }], shipTo: { name: '张三', phone: '1', city: null } };

  it('is what is named, through lists, and nothing besides', () => {
    expect(share(order, ['sourceId', 'lines.title', 'shipTo.name', 'shipTo.city'])).toEqual({
      body: { sourceId: 'ord_1', totalMinor: null, note: null, lines: [{ title: '杯', secret: null }, { title: '茶', secret: null }], shipTo: { name: '张三', phone: null, city: null } },
      // An empty one was not given.
      fields: ['sourceId', 'lines.title', 'shipTo.name'],
    });
  });

  it('is nothing where nothing is named', () => {
    expect(share(order, [])).toEqual({ body: { sourceId: null, totalMinor: null, note: null, lines: [], shipTo: null }, fields: [] });
  });

  it('never holds what is not named, whatever the names are', () => {
    const names = ['constructor', '__proto__', 'toString', 'a', 'b'];
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...names), fc.constant('SEEN')), fc.subarray(names), (value, allowed) => {
      const { body } = share(value, allowed);
      for (const [name, kept] of Object.entries(body)) expect(kept === null || allowed.includes(name)).toBe(true);
      expect(JSON.stringify(body).split('SEEN').length - 1).toBeLessThanOrEqual(Object.keys(value).filter((name) => allowed.includes(name)).length);
    }));
  });
});
