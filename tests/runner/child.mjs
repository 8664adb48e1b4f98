import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const running = new Set();
let interrupted = false;

/** Whether somebody asked the run to end. */
export const isInterrupted = () => interrupted;

/** From here on Ctrl-C and SIGTERM end the running stage only, so that what was started is also stopped. */
export function endGently() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      interrupted = true;
      for (const child of running) child.kill('SIGTERM');
    });
  }
}

/** Runs a script under this Node; resolves to its exit code and, when `quiet`, its output. */
export function runNode(args, { cwd, env = {}, quiet = true }) {
  if (interrupted) return Promise.resolve({ code: 1, output: '' });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    running.add(child);
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Where a run keeps what it may use again or throw away: never in the tree. */
export function cacheFolder(root) {
  const folder = join(root, 'node_modules', '.cache', 'quanyu');
  mkdirSync(folder, { recursive: true });
  return folder;
}
