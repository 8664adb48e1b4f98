// `npm run migrate`: makes the roles and schemas of a house that runs apart, and runs what is missing of the migrations.
import { join } from 'node:path';
import { prepareAndRun, root } from '../../config/setup.mjs';

await prepareAndRun(join(root, 'packages', 'standalone', 'dist', 'migrate', 'main.js'), process.argv.slice(2));
