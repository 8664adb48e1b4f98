// `npm run bench -- foundation`: runs a benchmark of this folder. --json adds one object as the last line, --quick ends within 3 minutes.
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { prepareAndRun } from '../../packages/config/setup.mjs';

const here = new URL('.', import.meta.url);
const area = process.argv[2];
const areas = readdirSync(here).filter((file) => file.endsWith('.bench.mjs')).map((file) => file.slice(0, -'.bench.mjs'.length));

if (area === undefined || !existsSync(new URL(`${area}.bench.mjs`, here))) {
  console.error(`Say which: npm run bench -- ${areas.join(' | ')} [--quick] [--json]`);
  process.exit(1);
}
await prepareAndRun(new URL('./report.mjs', here).pathname, [area, ...process.argv.slice(3), `--machine=${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`]);
