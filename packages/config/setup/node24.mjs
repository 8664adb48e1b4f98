import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './say.mjs';

const major = (version) => Number(version.replace(/^v/, '').split('.')[0]);

/** Whether this very process may run the product's code. */
export const isNode24 = () => major(process.versions.node) >= 24;

/** Path of a Node >= 24: the one npm installed for this platform, else the one running now. */
export function findNode24(root) {
  const binary = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) {
    const { status, stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
    if (status === 0 && major(stdout) >= 24) return binary;
  }
  if (isNode24()) return process.execPath;
  throw new SetupError(
    `Node 24 is missing and this is Node ${process.versions.node}: run "npm ci" without --omit=optional, ` +
      'or install Node >= 24 yourself where npm has none for the platform (macOS).',
  );
}

/** Runs a script under `node`, hands on signals and ends this process the way the script ended. */
export function handOver(node, args) {
  const child = spawn(node, ['--import', new URL('follow.mjs', import.meta.url).href, ...args], { stdio: 'inherit' });
  // In a terminal Ctrl-C reaches the child twice, as it does below npm, which forwards it too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
