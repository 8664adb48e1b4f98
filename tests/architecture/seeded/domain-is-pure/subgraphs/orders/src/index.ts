export { signed } from './domain/signed.js';
