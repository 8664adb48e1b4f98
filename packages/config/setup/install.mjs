import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run } from './command.mjs';
import { SetupError, step } from './say.mjs';

/** Runs `npm ci` when node_modules is not what package-lock.json says. Returns whether it did. */
export async function install(root, quiet) {
  const stamp = join(root, 'node_modules', '.quanyu-installed');
  const lock = readFileSync(join(root, 'package-lock.json'));
  // One clone may be mounted into machines of different kinds; each needs its own binaries.
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
  if (read(stamp) === wanted) return false;
  if (!isInstalled(root, JSON.parse(lock))) await step('installing dependencies (npm ci)', quiet, () => npmCi(root));
  writeFileSync(stamp, wanted);
  return true;
}

async function npmCi(root) {
  const [npm, first] = npmCommand();
  // The includes outvote an `omit` of the user's .npmrc or NODE_ENV=production: without the platform
  // packages there is no Node 24, no PostgreSQL and no compiler.
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run(npm, args, { cwd: root, shell: process.platform === 'win32' && npm === 'npm' });
  if (code === 0) return;
  if (code === -1) throw new SetupError('npm was not found. Install Node >= 20 together with npm, then run this command again.');
  throw new SetupError(`npm ci failed (exit code ${code}). Check the network and the npm registry, then run this command again.\n${lastLines(output)}`);
}

/** npm's own script under the Node that npm runs on: `npm ci` deletes the Node 24 in node_modules while it works. */
function npmCommand() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  return script?.endsWith('npm-cli.js') && node && existsSync(node) && existsSync(script) ? [node, [script]] : ['npm', []];
}

/** True when a hand-made `npm ci` or `npm install` already put everything in place (npm keeps a record of what it wrote). */
function isInstalled(root, lock) {
  const record = read(join(root, 'node_modules', '.package-lock.json'));
  if (!record) return false;
  const present = JSON.parse(record).packages;
  return Object.entries(lock.packages).every(([path, entry]) => {
    if (path === '' || !path.startsWith('node_modules/')) return true;
    const found = present[path];
    if (found) return found.version === entry.version && found.integrity === entry.integrity;
    return entry.optional === true && !fits(entry);
  });
}

/** Whether npm should have installed an optional package on this machine. */
function fits({ os, cpu, libc }) {
  const allows = (list, value) => list === undefined || [list].flat().includes(value);
  // Packages for one C library only: npm tells glibc from musl, and both absences are right somewhere.
  return libc === undefined && (os !== undefined || cpu !== undefined) && allows(os, process.platform) && allows(cpu, process.arch);
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
