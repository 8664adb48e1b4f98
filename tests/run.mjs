// `npm test`: sets a clean clone up, then runs tests/runner/main.mjs under Node 24.
// npm test                     everything
// npm test -- inventory        what concerns one workspace
// npm test -- take-order       the tests whose path matches
// npm test -- --only jest …    one stage: lint, typecheck, schema or jest; other options go on to jest
import { join } from 'node:path';
import { prepareAndRun, root } from '../packages/config/setup.mjs';

await prepareAndRun(join(root, 'tests', 'runner', 'main.mjs'), process.argv.slice(2));
