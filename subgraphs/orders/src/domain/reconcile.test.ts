import { describe, expect, it } from '@jest/globals';
import { judgeGap } from './reconcile.js';

describe('a gap between a channel and us', () => {
  it.each([[0, 0, 'NONE'], [100, 0, 'NONE'], [1, 1, 'WARNING'], [100, 5, 'WARNING'], [100, 6, 'CRITICAL'], [10_000, 20, 'WARNING'], [10_000, 21, 'CRITICAL'], [20, 1, 'WARNING'], [20, 2, 'CRITICAL'], [20, 20, 'CRITICAL']])('of %d open orders, %d missing: %s', (open, missing, severity) => {
    expect(judgeGap({ open, missing })).toBe(severity);
  });
});
