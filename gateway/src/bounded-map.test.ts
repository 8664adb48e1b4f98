import { expect, it } from '@jest/globals';
import { BoundedMap } from './bounded-map.js';

it('forgets what was not asked for longest', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.get('c'), map.count]).toEqual([1, undefined, 3, 2]);
});

it('replaces, and forgets with time', () => {
  const map = new BoundedMap<string, number>(2, 0);
  map.set('a', 1);
  map.set('a', 2);
  expect(map.count).toBe(1);
  expect(map.get('a')).toBeUndefined();
  expect(map.count).toBe(0);
});
