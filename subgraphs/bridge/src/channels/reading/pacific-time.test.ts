import { describe, expect, it } from '@jest/globals';
import { fromPacific, pacificWindow, toPacific } from './pacific-time.js';

describe('the clock of Los Angeles', () => {
  it('reads what it writes, in summer and in winter', () => {
    for (const at of ['2026-01-15T18:30:00Z', '2026-07-15T18:30:00Z', '2026-03-08T09:59:59Z', '2026-03-08T10:00:00Z']) {
      expect(fromPacific(`${toPacific(new Date(at)).replace(' ', 'T')}.0000000`)).toEqual(new Date(at));
    }
    expect([toPacific(new Date('2026-01-15T18:30:00Z')), toPacific(new Date('2026-07-15T18:30:00Z'))]).toEqual(['2026-01-15 10:30:00', '2026-07-15 11:30:00']);
    expect([fromPacific('yesterday'), fromPacific('2026-13-45T00:00:00')]).toEqual([null, null]);
  });

  it('asks for all of a window in which the clock goes back', () => {
    // 01:50 summer time to 01:20 winter time, half an hour later.
    expect(pacificWindow({ from: new Date('2026-11-01T08:50:00Z'), to: new Date('2026-11-01T09:20:00Z') })).toEqual({ from: '2026-11-01 00:50:00', to: '2026-11-01 02:20:00' });
    expect(pacificWindow({ from: new Date('2026-11-01T08:10:00Z'), to: new Date('2026-11-01T09:20:00Z') })).toEqual({ from: '2026-11-01 00:10:00', to: '2026-11-01 02:20:00' });
    expect(pacificWindow({ from: new Date('2026-06-01T08:00:00Z'), to: new Date('2026-06-01T09:00:00Z') })).toEqual({ from: '2026-06-01 01:00:00', to: '2026-06-01 02:00:00' });
  });
});
