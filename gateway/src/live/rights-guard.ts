import { log } from '@quanyu/telemetry';
import type { Authenticated, Authenticator, Identity } from '../authenticator.js';

/** Why an open connection may not go on. */
export type RightsLost = 'TOKEN_EXPIRED' | 'RIGHTS_REVOKED' | 'RIGHTS_CHANGED';

interface Watched { readonly identity: Identity; readonly rightsKey: string; readonly subjectId: string; readonly watchers: Set<(reason: RightsLost) => void> }

// setTimeout takes no more; a token that lives longer outlives the connection.
const LONGEST_TIMER = 2 ** 31 - 1;
const CHECK_MILLISECONDS = 10_000;

/**
 * Watches the rights of open connections: a token ends by the clock, a role or a key is taken away in between. Each
 * identity is looked up once a round, however many connections it holds, and at once when its change is announced.
 */
export class RightsGuard {
  readonly #watched = new Map<string, Watched>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly authenticator: Authenticator, checkMilliseconds = CHECK_MILLISECONDS) {
    this.#timer = setInterval(() => void this.check(), checkMilliseconds).unref();
  }

  /** Calls `lost` once when the credentials end or what they give changes; answers how to stop watching. */
  watch({ viewer, expiresAt, identity }: Authenticated, lost: (reason: RightsLost) => void): () => void {
    const left = expiresAt === null ? null : Math.max(0, Math.min(expiresAt.getTime() - Date.now(), LONGEST_TIMER));
    const expiry = left === null ? undefined : setTimeout(() => lost('TOKEN_EXPIRED'), left);
    const release = identity === undefined ? undefined : this.#add(identity, viewer, lost);
    return () => {
      clearTimeout(expiry);
      release?.();
    };
  }

  /** Looks everybody up again, or those of one subject. */
  async check(subjectId?: string): Promise<void> {
    const due = [...this.#watched].filter(([, watched]) => subjectId === undefined || watched.subjectId === subjectId);
    for (const [name, watched] of due) {
      try {
        const viewer = await this.authenticator.look?.(watched.identity);
        if (viewer === undefined || viewer?.rightsKey === watched.rightsKey) continue;
        this.#watched.delete(name);
        for (const lost of watched.watchers) lost(viewer === null ? 'RIGHTS_REVOKED' : 'RIGHTS_CHANGED');
      } catch (error) {
        // An outage is no reason to send everybody away; the next round asks again.
        log.warn('the rights of live connections could not be checked', { error });
        return;
      }
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #add(identity: Identity, { rightsKey, subjectId }: Authenticated['viewer'], lost: (reason: RightsLost) => void): () => void {
    const name = JSON.stringify([identity, rightsKey]);
    const watched = this.#watched.get(name) ?? { identity, rightsKey, subjectId, watchers: new Set() };
    this.#watched.set(name, watched);
    watched.watchers.add(lost);
    return () => {
      watched.watchers.delete(lost);
      if (watched.watchers.size === 0 && this.#watched.get(name) === watched) this.#watched.delete(name);
    };
  }
}
