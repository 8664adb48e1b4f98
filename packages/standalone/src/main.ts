import { armKillPoints } from '@quanyu/database';
import { readEnvironment } from './environment.js';
import { runHouse } from './run-house.js';
import { startStandalone } from './start.js';

await runHouse(readEnvironment, (environment, progress) => {
  if (environment.kill !== null) armKillPoints(environment.kill);
  return startStandalone(environment, progress);
});
