import { tellCoreJourneys } from '../../journeys/core.js';
import { houseWith, tellsNothing } from './house.js';

// One house with two such shops, so that the journeys are told once: while one shop is down, the other takes 20 s an answer.
const house = await houseWith('DOWN', { slowMs: 20_000 });
await tellCoreJourneys();
tellsNothing(house, { asked: true });
