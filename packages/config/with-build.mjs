// node packages/config/with-build.mjs script.mjs args…: sets up and builds, then runs the script under Node 24.
import { resolve } from 'node:path';
import { prepareAndRun } from './setup.mjs';

const [script, ...args] = process.argv.slice(2);
if (!script) {
  console.error('Usage: node packages/config/with-build.mjs <script> [arguments]');
  process.exit(1);
}
await prepareAndRun(resolve(script), args);
