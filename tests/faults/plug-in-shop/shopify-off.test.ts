import { houseWith, tellsNothing } from './house.js';

const house = await houseWith(null);
// The core journeys themselves: they ask the harness for a product and get this one.
await import('../../journeys/channel-order-to-ledger/journey.test.js');
await import('../../journeys/own-order.test.js');
await import('../../journeys/product-page.test.js');
await import('../../journeys/shoplazza-order.test.js');

tellsNothing(house, { asked: false });
