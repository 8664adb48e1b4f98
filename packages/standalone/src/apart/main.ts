import { readApartEnvironment } from '../environment.js';
import { runHouse } from '../run-house.js';
import { startApart } from './start-apart.js';

await runHouse(readApartEnvironment, startApart);
