import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats a check until it no longer throws; then its result. Throws what it threw last when the time is up: before a test's usual minute is, so that it is the check that fails and says why. */
export async function eventually<T>(check: () => Promise<T> | T, withinMs = 50_000): Promise<T> {
  for (const end = Date.now() + withinMs; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(25);
    }
  }
}
