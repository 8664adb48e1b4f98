export { firstIdAt, isId, madeAt, newId, parseId } from './id.js';
export type { Id, IdPrefix } from './id.js';
export { InvalidIdError } from './errors.js';
