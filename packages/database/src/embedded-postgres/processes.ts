import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { systemCode } from './failure.js';

/** Whether a process runs. One that ended and that nobody has buried yet (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (systemCode(error) !== 'EPERM') return false;
  }
  const state = linuxStat(pid)?.[0];
  return state !== 'Z' && state !== 'X';
}

/** Tells a process from a later one that was given the same number: the time it began, '' where that is not known. */
export function beginning(pid: number): string {
  if (process.platform === 'linux') return linuxStat(pid)?.[19] ?? '';
  return ps(pid, 'lstart=');
}

/** Whether a process is the PostgreSQL server of this cluster. */
export function serves(pid: number, cluster: string): boolean {
  if (process.platform === 'win32') return true;
  if (process.platform !== 'linux') return /postgres/.test(ps(pid, 'command=')) && ps(pid, 'command=').includes(cluster);
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    // The server works inside its cluster; file numbers see through links and other names of the same folder.
    const [here, there] = [statSync(`/proc/${pid}/cwd`), statSync(cluster)];
    return basename(program).startsWith('postgres') && here.ino === there.ino && here.dev === there.dev;
  } catch {
    return false;
  }
}

/** The fields of /proc/PID/stat from the third (state) on; the second may itself hold spaces and brackets. */
function linuxStat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
