import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { handfuls } from './handfuls.js';

const event: fc.Arbitrary<{ type: string; subject: string }> = fc.record({ type: fc.constantFrom('a', 'b', 'c'), subject: fc.constantFrom('1', '2', '3', '4') });
const parted = (events: readonly { type: string; subject: string }[]) => [...handfuls(events, (type) => type !== 'c')];

describe('events that came together', () => {
  it('are all handled, once, those of a subject in their order', () => {
    fc.assert(fc.property(fc.array(event), (events) => {
      const handled = parted(events).flat();
      expect(handled).toHaveLength(events.length);
      for (const subject of ['1', '2', '3', '4']) {
        const of = (all: typeof events) => all.filter((one) => one.subject === subject);
        of(handled).forEach((one, n) => expect(one).toBe(of(events)[n]));
      }
    }));
  });

  it('share a call only with others of their type and of another subject, and only where they may', () => {
    fc.assert(fc.property(fc.array(event), (events) => {
      for (const part of parted(events)) {
        expect(new Set(part.map(({ type }) => type)).size).toBe(1);
        expect(new Set(part.map(({ subject }) => subject)).size).toBe(part.length);
        if (part[0]!.type === 'c') expect(part).toHaveLength(1);
      }
    }));
  });

  it('cost one call a type where each has a subject of its own', () => {
    expect(parted(['1', '2', '3', '4'].flatMap((subject) => [{ type: 'a', subject: `${subject}a` }, { type: 'b', subject: `${subject}b` }]))).toHaveLength(2);
  });
});
