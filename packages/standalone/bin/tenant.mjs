// `npm run tenant -- --name NAME --issuer ISSUER --subject SUBJECT --owner NAME`: makes a merchant and its owner.
import { join } from 'node:path';
import { prepareAndRun, root } from '../../config/setup.mjs';

await prepareAndRun(join(root, 'packages', 'standalone', 'dist', 'make-tenant', 'main.js'), process.argv.slice(2));
