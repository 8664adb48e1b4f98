// `npm run secrets -- --database HOST:PORT/NAME > .env`: makes every secret of a house that runs apart.
import { join } from 'node:path';
import { prepareAndRun, root } from '../../config/setup.mjs';

await prepareAndRun(join(root, 'packages', 'standalone', 'dist', 'make-secrets', 'main.js'), process.argv.slice(2), { quiet: true });
