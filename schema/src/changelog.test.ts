import { describe, expect, it } from '@jest/globals';
import { changelog, releasedChangelog } from './changelog.js';
import type { GraphChange } from './graph-changes.js';

const change = (message: string, weight: GraphChange['weight'] = 'free', kind = 'FIELD_ADDED'): GraphChange => ({ message, weight, kind, path: 'Order.note' });

describe('the changelog', () => {
  const first = changelog('', [change("Field 'note' was added to object type 'Order'"), change("'a' removed", 'break'), change("'old' is deprecated", 'free', 'FIELD_DEPRECATION_ADDED')], [{ type: 't', message: 'orders.x.v1 is new', breaks: false }]);

  it('groups what is new by what it asks of a reader', () => {
    expect(first).toMatch(/## Not released yet\n\n### Breaks\n\n- `a` removed\n\n### Leave\n\n- `old` is deprecated\n\n### New\n\n- Field `note` was added to object type `Order`\n\n### Events\n\n- orders\.x\.v1 is new\n$/);
  });

  it('says so when nothing is new', () => {
    expect(changelog(first, [], [])).toMatch(/## Not released yet\n\nNothing\.\n$/);
  });

  it('keeps released sections as they were, newest first', () => {
    const one = releasedChangelog(first, '0.1.0', '2026-11-21', [change('first')], []);
    const two = releasedChangelog(one, '0.2.0', '2026-12-01', [change('second')], []);
    expect([...two.matchAll(/^(?:## |- )(.*)$/gm)].map(([, text]) => text)).toEqual(['Not released yet', '0.2.0 (2026-12-01)', 'second', '0.1.0 (2026-11-21)', 'first']);
    expect(changelog(two, [], [])).toBe(two);
    expect(releasedChangelog(two, '0.2.0', '2026-12-02', [change('third')], [])).toBe(two);
  });
});
