import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks are hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;

const statOf = (pid) => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    // State is the first field here; then the parent; user and system time are the 12th and 13th, those of ended children follow.
    return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS, childrenMs: (Number(fields[13]) + Number(fields[14])) * TICK_MS, name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() };
  } catch {
    return undefined;
  }
};

/** Processor time of a house so far, in milliseconds: of each part, of PostgreSQL with its backends, of Redis. */
export function processorTime(house) {
  const stats = new Map(readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map((entry) => [Number(entry), statOf(entry)]).filter(([, stat]) => stat !== undefined));
  const postmaster = house.postmaster();
  const times = Object.fromEntries(house.parts().map(({ label, pid }) => [label, stats.get(pid)?.ms ?? 0]));
  times.PostgreSQL = (stats.get(postmaster)?.childrenMs ?? 0) + [...stats].filter(([pid, { parent }]) => pid === postmaster || parent === postmaster).reduce((sum, [, { ms }]) => sum + ms, 0);
  const redis = [...stats].filter(([, { parent, name }]) => parent === house.pid && /redis|valkey/.test(name)).reduce((sum, [, { ms }]) => sum + ms, 0);
  if (redis > 0) times.Redis = redis;
  return times;
}
