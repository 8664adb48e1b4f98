import { shareProduct } from './product.js';

/** The house that the journeys of a test file share, each part in a process of its own. Imported before the journeys. */
export const apart = await shareProduct('apart');
