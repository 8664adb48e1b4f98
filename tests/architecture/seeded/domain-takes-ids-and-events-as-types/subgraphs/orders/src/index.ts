export { named } from './domain/named.js';
