import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { clientOperation } from './operations.js';
import { forbiddenChanges, graphChanges } from './graph-changes.js';

const RELEASED = `
  enum State { OPEN HELD  DONE @deprecated(reason: "Use State.OPEN; until 2026-06-30") }
  input Filter { state: State, text: String @deprecated(reason: "Nothing takes its place: nobody searched; until 2026-06-30") }
  type Order {
    id: ID! state: State! total: Int!
    oldTotal(rounded: Boolean): Int @deprecated(reason: "Use Order.total; until 2026-06-30")
    oldState: String @deprecated(reason: "Use Order.state; until 2026-06-30")
    kept: Int @deprecated(reason: "Use Order.total; until 2027-01-31")
  }
  type Query { orders(first: Int, filter: Filter): [Order!]! }
`;
const DESK = clientOperation('schema/operations/desk/orders.graphql', 'query Desk { orders(filter: { state: OPEN }) { id total oldState } }');

/** What the release of a change would be refused for, on a day after 2026-06-30. */
async function refused(change: (sdl: string) => string, today = '2026-07-01'): Promise<string[]> {
  const before = buildSchema(RELEASED);
  return forbiddenChanges({ before, changes: await graphChanges(before, buildSchema(change(RELEASED))), operations: [DESK], today });
}
const replace = (from: string | RegExp, to: string) => (sdl: string): string => {
  expect(sdl).toMatch(from);
  return sdl.replace(from, to);
};

describe('a change of the graph that breaks clients', () => {
  it('is refused with the name of the operation and its file when a stored operation asks for it', async () => {
    const faults = await refused(replace('total: Int!', ''));
    expect(faults).toEqual([expect.stringMatching(/'total' was removed from object type 'Order'.* Asked by Desk \(schema\/operations\/desk\/orders\.graphql\)/)]);
  });

  it('is refused when it was never deprecated, though nobody is known to ask for it', async () => {
    expect(await refused(replace('input Filter { state: State,', 'input Filter { state: State!,'))).toEqual([expect.stringContaining('Asked by Desk')]);
    expect(await refused(replace('first: Int,', ''))).toEqual([expect.stringContaining('was never deprecated')]);
    expect(await refused(replace('HELD', ''))).toEqual([expect.stringContaining('was never deprecated')]);
  });

  it('is allowed when nobody asks for it, it was deprecated, and its day is over', async () => {
    expect(await refused(replace(/oldTotal.*\n/, '\n'))).toEqual([]);
    expect(await refused(replace('(rounded: Boolean)', ''))).toEqual([]);
    expect(await refused(replace(/text: String @.*\)/, ''))).toEqual([]);
    expect(await refused(replace(/DONE @.*\)/, ''))).toEqual([]);
  });

  it('is refused until the promised day is over', async () => {
    expect(await refused(replace(/oldTotal.*\n/, '\n'), '2026-06-30')).toEqual([expect.stringContaining('promised until 2026-06-30')]);
    expect(await refused(replace(/kept.*\n/, '\n'))).toEqual([expect.stringContaining('promised until 2027-01-31')]);
  });

  it('is refused for a deprecated field whose day is over while an operation still asks for it', async () => {
    expect(await refused(replace(/oldState.*\n/, '\n'))).toEqual([expect.stringContaining('Asked by Desk')]);
  });

  it('is refused when it asks for more than before', async () => {
    expect(await refused(replace('first: Int,', 'first: Int, shop: ID!,'))).toEqual([expect.stringContaining('Asked by Desk')]);
    expect(await refused(replace('rounded: Boolean', 'rounded: Boolean, by: Int!'))).toEqual([]);
  });

  it('is refused once for a type and what leads to it', async () => {
    const faults = await refused((sdl) => `${sdl.replace('orders(first: Int, filter: Filter): [Order!]!', 'none: Int')}`);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every((fault) => fault.includes('Asked by Desk') || fault.includes('never deprecated'))).toBe(true);
  });
});

describe('a change of the graph that adds', () => {
  it('is free', async () => {
    expect(await refused(replace('total: Int!', 'total: Int! note: String'))).toEqual([]);
    expect(await refused(replace('state: State!', 'state: State! @deprecated(reason: "Use Order.total; until 2030-01-01")'))).toEqual([]);
  });
});
