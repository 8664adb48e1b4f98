import { describe, expect, it } from '@jest/globals';
import { liveSecrets, rotate } from './live-secrets.js';

const NOON = new Date('2026-03-01T12:00:00Z');
const hoursLater = (hours: number): Date => new Date(NOON.getTime() + hours * 3_600_000);
const names = (secrets: readonly { sealed: string }[]): string[] => secrets.map(({ sealed }) => sealed);

describe('rotating a secret', () => {
  const rotated = rotate([{ sealed: 'old', expiresAt: null }], 'new', NOON);

  it('lets both live for a day, the new one first', () => {
    expect(names(liveSecrets(rotated, hoursLater(23)))).toEqual(['new', 'old']);
    expect(names(liveSecrets(rotated, hoursLater(25)))).toEqual(['new']);
  });

  it('never keeps more than two', () => {
    expect(names(rotate(rotated, 'newest', hoursLater(1)))).toEqual(['newest', 'new']);
  });

  it('begins with one', () => {
    expect(rotate([], 'first', NOON)).toEqual([{ sealed: 'first', expiresAt: null }]);
  });
});
