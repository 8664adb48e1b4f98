// `npm run sync -- CHANNEL`: has a shop read as a whole, and shows how far that is.
import { join } from 'node:path';
import { prepareAndRun, root } from '../../config/setup.mjs';

await prepareAndRun(join(root, 'packages', 'standalone', 'dist', 'sync-channel', 'main.js'), process.argv.slice(2), { quiet: true });
