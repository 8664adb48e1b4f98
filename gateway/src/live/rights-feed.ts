import type { SubgraphSource } from '../sources/source.js';
import { followAnnouncements, type Announcements } from './announcements.js';
import type { RightsGuard } from './rights-guard.js';

/** Lets the guard look at those whose rights are announced to have changed, by a `subjectId`; without it, it looks at everybody now and then. */
export const followRights = (announcements: Announcements, sourceOf: (name: string) => SubgraphSource | undefined, guard: RightsGuard): (() => void) =>
  followAnnouncements(announcements, sourceOf, {
    // What was announced before this began, or while it was away, is seen by looking at everybody.
    began: () => guard.check(),
    told: async ({ subjectId }) => { if (typeof subjectId === 'string') await guard.check(subjectId); },
  });
