import { tellCoreJourneys } from '../../journeys/core.js';
import { houseWith, tellsNothing } from './house.js';

const house = await houseWith(null);
await tellCoreJourneys();
tellsNothing(house, { asked: false });
