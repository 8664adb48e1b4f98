import { describe, expect, it } from '@jest/globals';
import { afterFailure, DELIVERY_STATES, isHopeless, MAX_ATTEMPTS, mayBecome } from './delivery-state.js';

describe('a delivery', () => {
  it('is taken up while it has no outcome, also when whoever took it up before has died', () => {
    expect(DELIVERY_STATES.filter((state) => mayBecome(state, 'PROCESSING'))).toEqual(['RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED']);
  });

  it('gets an outcome only while it is worked on', () => {
    for (const outcome of ['DONE', 'FAILED', 'DEAD', 'IGNORED'] as const) {
      expect(DELIVERY_STATES.filter((state) => mayBecome(state, outcome))).toEqual(['PROCESSING']);
    }
  });

  it('may be replayed when nobody works on it', () => {
    expect(DELIVERY_STATES.filter((state) => mayBecome(state, 'RECEIVED'))).toEqual(['DONE', 'FAILED', 'DEAD', 'IGNORED']);
  });

  it('waits for a person after the last try', () => {
    expect([1, MAX_ATTEMPTS - 1, MAX_ATTEMPTS, MAX_ATTEMPTS + 1].map(afterFailure)).toEqual(['FAILED', 'FAILED', 'DEAD', 'DEAD']);
  });

  it('is given up when nobody who took it up came to an end', () => {
    expect([MAX_ATTEMPTS, 2 * MAX_ATTEMPTS, 2 * MAX_ATTEMPTS + 1].map(isHopeless)).toEqual([false, false, true]);
  });
});
