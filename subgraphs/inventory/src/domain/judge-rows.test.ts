import { describe, expect, it } from '@jest/globals';
import { judgeRow, type CountedLevel } from './judge-rows.js';

const level = (over: Partial<CountedLevel> = {}): CountedLevel => ({ onHand: 10, reserved: 4, unavailable: 1, allowance: 0, deficit: 0, ...over });

describe('a row of a file', () => {
  it('that adjusts has to leave what is promised, and may be used up to that', () => {
    expect(judgeRow(level(), -5, 'ADJUST')).toEqual({ kind: 'counted', onHand: 5 });
    expect(judgeRow(level(), -6, 'ADJUST')).toEqual({ kind: 'refused', code: 'BELOW_RESERVED' });
    expect(judgeRow(level({ allowance: 1 }), -6, 'ADJUST')).toEqual({ kind: 'counted', onHand: 4 });
    expect(judgeRow(level({ reserved: 12, deficit: 3 }), -1, 'ADJUST')).toEqual({ kind: 'refused', code: 'BELOW_RESERVED' });
    expect(judgeRow(level({ reserved: 12, deficit: 3 }), 1, 'ADJUST')).toEqual({ kind: 'counted', onHand: 11 });
    expect(judgeRow(level(), -11, 'ADJUST')).toEqual({ kind: 'refused', code: 'BELOW_ZERO' });
    expect(judgeRow(level(), 1_000_000_000, 'ADJUST')).toEqual({ kind: 'refused', code: 'QUANTITY_INVALID' });
  });

  it('that counts says what is, however much is promised', () => {
    expect(judgeRow(level(), 0, 'SET')).toEqual({ kind: 'counted', onHand: 0 });
    expect(judgeRow(level(), 1_000_000_001, 'SET')).toEqual({ kind: 'refused', code: 'QUANTITY_INVALID' });
  });
});
