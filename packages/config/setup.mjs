import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './setup/build.mjs';
import { install } from './setup/install.mjs';
import { findNode24, handOver, isNode24 } from './setup/node24.mjs';
import { SetupError, elapsed } from './setup/say.mjs';

export { SetupError, elapsed };

/** The top folder of the clone. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Makes a clone ready to run: dependencies as the lock file says, everything stale built.
 * Returns the path of a Node >= 24. Runs on Node >= 20 with nothing installed; ends the process with a
 * sentence that says what to do when it cannot.
 */
export async function prepare({ quiet = false } = {}) {
  try {
    if (Number(process.versions.node.split('.')[0]) < 20) {
      throw new SetupError(`This is Node ${process.versions.node}; install Node >= 20 and run the command again.`);
    }
    await install(root, quiet);
    const node = findNode24(root);
    await build(root, quiet);
    return node;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/**
 * Prepares, then runs a script under Node >= 24: in this process when it already is one (one process less to
 * keep in memory, and no parent that could be killed without its child), else as a child.
 */
export async function prepareAndRun(script, args, { quiet = false } = {}) {
  if (process.env.npm_lifecycle_event) await import('./setup/follow.mjs');
  const node = await prepare({ quiet });
  if (!isNode24()) return handOver(node, [script, ...args]);
  process.argv = [process.execPath, script, ...args];
  await import(script);
}
