// `npm run configuration`: writes docs/configuration.md anew.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepare, root } from '../../config/setup.mjs';

await prepare();
const { configurationPage } = await import(join(root, 'packages', 'standalone', 'dist', 'configuration.js'));
await writeFile(join(root, 'docs', 'configuration.md'), configurationPage());
