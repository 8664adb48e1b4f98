// A level, its journal and its holds tell the same story three times. Where they differ, somebody has gone past the engine:
// it is listed, and a person has it repaired by a movement that says so.

export const QUANTITIES = ['onHand', 'reserved', 'unavailable', 'incoming', 'allowance', 'deficit'] as const;
export type Quantities = Readonly<Record<(typeof QUANTITIES)[number], number>>;

export interface LevelAudit {
  readonly level: Quantities;
  /** What the journal adds up to. */
  readonly journal: Quantities;
  /** Movements that should be there and are not. */
  readonly missingMovements: number;
  /** Units of holds that are still open. */
  readonly held: number;
}

/** JOURNAL: the movements do not add up to the level. HOLDS: its reserved units are not those of its holds. OUTSIDE: another system counts differently. */
export type DriftKind = 'JOURNAL' | 'HOLDS' | 'OUTSIDE';

export const journalGap = ({ level, journal }: LevelAudit): Quantities =>
  Object.fromEntries(QUANTITIES.map((quantity) => [quantity, level[quantity] - journal[quantity]])) as unknown as Quantities;

export function driftsOf(audit: LevelAudit): Exclude<DriftKind, 'OUTSIDE'>[] {
  const gap = journalGap(audit);
  const journal = audit.missingMovements !== 0 || QUANTITIES.some((quantity) => gap[quantity] !== 0);
  return [...(journal ? ['JOURNAL' as const] : []), ...(audit.held !== audit.level.reserved ? ['HOLDS' as const] : [])];
}
