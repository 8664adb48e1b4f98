// How soon after a reading of stock a push may ask for the next: a plan of so many calls a day is never used up by pushes.

const DAY_SECONDS = 86_400;
const LEAST_SECONDS = 10;

/** Seconds between two readings that pushes ask for, such that they use half of a day's calls at most. @param callsADay of the plan; not a number where nobody has said */
export const pushedPauseSeconds = (callsADay: number): number =>
  (Number.isSafeInteger(callsADay) && callsADay > 0 ? Math.max(LEAST_SECONDS, Math.ceil(DAY_SECONDS / (callsADay / 2))) : 60);
