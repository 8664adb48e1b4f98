import { describe, expect, it } from '@jest/globals';
import { lockMinutes } from './attempts.js';

describe('wrong codes', () => {
  it.each([[0, 0], [4, 0], [5, 5], [6, 10], [7, 20], [20, 1440], [1_000_000, 1440]])('%d in a row: nobody is heard for %d minutes', (failures, minutes) => {
    expect(lockMinutes(failures)).toBe(minutes);
  });
});
