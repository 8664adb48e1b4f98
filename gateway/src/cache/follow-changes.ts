import { followAnnouncements, type Announcements } from '../live/announcements.js';
import type { SubgraphSource } from '../sources/source.js';
import { AnswerCache } from './answer-cache.js';

/** How much is kept of answers, and where it is announced what has changed. */
export interface AnswerCacheSettings {
  readonly megabytes: number;
  /** Each event is an object of ids; nothing is kept unless all of these are followed. */
  readonly announcements: readonly Announcements[];
}

/** Makes a cache of answers that hears of changes. */
export function followChanges({ megabytes, announcements }: AnswerCacheSettings, sourceOf: (name: string) => SubgraphSource | undefined): { readonly cache: AnswerCache; stop(): void } {
  const cache = new AnswerCache(megabytes * 1024 * 1024);
  const followed = new Set<Announcements>();
  const stops = announcements.map((from) => followAnnouncements(from, sourceOf, {
    began() {
      followed.add(from);
      if (followed.size === announcements.length) cache.listen();
    },
    told(change) {
      for (const id of Object.values(change)) if (typeof id === 'string') cache.forget(id);
    },
    ended() {
      followed.delete(from);
      cache.deafen();
    },
  }));
  return {
    cache,
    stop() {
      stops.forEach((stop) => stop());
      cache.close();
    },
  };
}
