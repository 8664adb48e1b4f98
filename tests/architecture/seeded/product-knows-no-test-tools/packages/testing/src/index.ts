export const fixedClock = 0;
