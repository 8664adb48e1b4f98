export { shopify } from './channels/shopify.js';
