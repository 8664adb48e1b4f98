import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { deprecationFaults, promisedUntil, shortenedPromises } from './deprecation.js';

const graph = (reason: string): ReturnType<typeof buildSchema> => buildSchema(`type Order { id: ID! old: Int @deprecated(reason: "${reason}") } type Query { order(was: ID @deprecated(reason: "Use Order.id; until 2027-01-01")): Order }`);

describe('@deprecated', () => {
  it('is taken with what to use instead and a day', () => {
    expect(deprecationFaults(graph('Use Order.id; until 2027-05-01'))).toEqual([]);
    expect(deprecationFaults(graph('Nothing takes its place: nobody read it; until 2027-05-01.'))).toEqual([]);
    expect(promisedUntil('Use Order.id; until 2027-05-01')).toBe('2027-05-01');
  });

  it.each(['No longer supported', 'Use Order.id', 'Use Order.id; until 2027', 'Use Order.id; until 2027-02-30', 'until 2027-05-01', 'Use something else; until 2027-05-01'])('is refused with the reason "%s"', (reason) => {
    expect(deprecationFaults(graph(reason))).toEqual([expect.stringMatching(/^Order\.old is deprecated with .*YYYY-MM-DD/)]);
  });

  it('is refused when what to use instead is not in the graph', () => {
    expect(deprecationFaults(graph('Use Order.fresh; until 2027-05-01'))).toEqual([expect.stringContaining('Order.fresh, which is not in the graph')]);
  });

  it('keeps its day once it is released', () => {
    expect(shortenedPromises(graph('Use Order.id; until 2027-05-01'), graph('Use Order.id; until 2027-04-30'))).toEqual([expect.stringContaining('2027-04-30 is earlier')]);
    expect(shortenedPromises(graph('Use Order.id; until 2027-05-01'), graph('Use Order.id; until 2027-06-01'))).toEqual([]);
  });
});
