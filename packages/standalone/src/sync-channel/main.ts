import { Progress } from '../progress.js';
import { SetupError } from '../setup-error.js';
import { readSyncEnvironment } from './environment.js';
import { syncChannel } from './sync-channel.js';

try {
  const progress = new Progress((line) => process.stdout.write(`${line}\n`));
  const went = await syncChannel(await readSyncEnvironment(process.argv.slice(2)), (line) => progress.step(line));
  process.exitCode = went ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof SetupError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
