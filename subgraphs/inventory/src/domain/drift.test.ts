import { describe, expect, it } from '@jest/globals';
import { driftsOf, journalGap, type LevelAudit } from './drift.js';

const quantities = { onHand: 10, reserved: 4, unavailable: 1, incoming: 0, allowance: 0, deficit: 0 };
const audit = (over: Partial<LevelAudit> = {}): LevelAudit => ({ level: quantities, journal: quantities, missingMovements: 0, held: 4, ...over });

describe('an audit of a level', () => {
  it('finds nothing where level, journal and holds agree', () => {
    expect(driftsOf(audit())).toEqual([]);
  });

  it('finds a journal that does not add up, in whichever quantity, and one with a hole', () => {
    expect(driftsOf(audit({ journal: { ...quantities, incoming: 3 } }))).toEqual(['JOURNAL']);
    expect(journalGap(audit({ journal: { ...quantities, onHand: 8 } }))).toEqual({ onHand: 2, reserved: 0, unavailable: 0, incoming: 0, allowance: 0, deficit: 0 });
    expect(driftsOf(audit({ missingMovements: 1 }))).toEqual(['JOURNAL']);
  });

  it('finds units that are reserved for nobody, and holds that nothing is reserved for', () => {
    expect(driftsOf(audit({ held: 3 }))).toEqual(['HOLDS']);
    expect(driftsOf(audit({ held: 5, journal: { ...quantities, reserved: 3 } }))).toEqual(['JOURNAL', 'HOLDS']);
  });
});
