import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Memory of a process, its children and the PostgreSQL of a data folder, in MB: each page counted once (PSS). Linux only. */
export function memoryOfTree(rootPid, dataDir) {
  const parents = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      parents.set(Number(entry), Number(readFileSync(`/proc/${entry}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')[1]));
    } catch { /* ended meanwhile */ }
  }
  // PostgreSQL runs in a session of its own, so that Ctrl-C reaches us first.
  const postmaster = Number(readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const isOurs = (pid) => pid === rootPid || pid === postmaster || (parents.has(pid) && parents.get(pid) > 1 && isOurs(parents.get(pid)));
  let kilobytes = 0;
  for (const pid of parents.keys()) {
    if (!isOurs(pid)) continue;
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch { /* ended meanwhile */ }
  }
  return kilobytes / 1024;
}
