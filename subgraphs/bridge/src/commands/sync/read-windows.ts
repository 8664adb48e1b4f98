import type { PullPolicy } from '../../channels/connector.js';
import { isCaughtUp, windowAfter, type SyncWindow } from '../../domain/sync-plan.js';
import type { Lease, Progress } from './sync-lease.js';

/** So many pages a run, that a shop with years of changes lets others have their turn. */
const PAGES = 200;

/**
 * Reads window after window from where a stream's cursor stands, up to the present or to the end of a run. Answers whether
 * it is up to date.
 * @param readPage asks for a page, and keeps it together with the progress that it was told; gives the next page, or
 *   undefined when the stream is another's by now
 */
export async function readWindows(lease: Lease, policy: PullPolicy, readPage: (window: SyncWindow, page: string | null, progress: (next: string | null) => Progress) => Promise<string | null | undefined>): Promise<boolean> {
  let { cursor, page } = lease;
  let window = lease.windowTo === null ? windowAfter(cursor, new Date(), policy) : { from: new Date(cursor.getTime() - policy.overlapSeconds * 1000), to: lease.windowTo };
  for (let pages = 0; window !== null && pages < PAGES; pages += 1) {
    const current: SyncWindow = window;
    const next = await readPage(current, page, (following) => (following === null ? { kind: 'window', cursor: current.to } : { kind: 'page', window: current, page: following }));
    if (next === undefined) return true;
    page = next;
    if (next !== null) continue;
    cursor = window.to;
    const now = new Date();
    window = isCaughtUp(cursor, now, policy) ? null : windowAfter(cursor, now, policy);
  }
  return window === null;
}
