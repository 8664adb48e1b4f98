import { SettingsError } from '@quanyu/settings';
import { readMigrateEnvironment } from '../environment.js';
import { Progress } from '../progress.js';
import { subgraphs } from '../subgraphs.js';
import { migrateAll } from './migrate-all.js';

try {
  const progress = new Progress();
  await migrateAll(subgraphs, readMigrateEnvironment(), (line) => progress.step(line));
  progress.step('database: roles and migrations are up to date');
} catch (error) {
  process.stderr.write(`${error instanceof SettingsError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
