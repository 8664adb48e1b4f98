// `npm run start:apart`: gateway and subgraphs as processes of their own, one port each and one log.
import { join } from 'node:path';
import { prepareAndRun, root } from '../../config/setup.mjs';

await prepareAndRun(join(root, 'packages', 'standalone', 'dist', 'apart', 'main.js'), process.argv.slice(2));
