import type { Database } from '@quanyu/database';

type Listener = (xid: bigint) => void;
const listeners = new WeakMap<Database, Set<Listener>>();

/**
 * Tells the log readers of this process that a transaction with events has committed, so that they need not wait for
 * their next look. A hint only: the log itself is the truth.
 */
export const ringBell = (database: Database, xid: bigint): void => {
  for (const listener of listeners.get(database) ?? []) listener(xid);
};

/** Hears the bell of a database; answers the function that stops it. */
export function onBell(database: Database, listener: Listener): () => void {
  const set = listeners.get(database) ?? new Set();
  listeners.set(database, set);
  set.add(listener);
  return () => { set.delete(listener); };
}
