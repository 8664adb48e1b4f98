// Six digits are guessed in a million tries: after a few wrong ones nobody is heard for a while, longer each time.

export const FREE_ATTEMPTS = 5;
const FIRST_LOCK_MINUTES = 5;
const LONGEST_LOCK_MINUTES = 24 * 60;

/** For how many minutes nobody is heard after so many wrong codes in a row; 0: at once again. */
export function lockMinutes(failures: number): number {
  const beyond = failures - FREE_ATTEMPTS;
  return beyond < 0 ? 0 : Math.min(LONGEST_LOCK_MINUTES, FIRST_LOCK_MINUTES * 2 ** Math.min(beyond, 20));
}
