// `npm start`: needs nothing but Node >= 20 and npm, and ends as packages/standalone/src/main.ts under Node 24.
import { join } from 'node:path';
import { prepareAndRun, root } from '../../config/setup.mjs';

await prepareAndRun(join(root, 'packages', 'standalone', 'dist', 'main.js'), process.argv.slice(2));
