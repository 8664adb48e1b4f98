export * from './add.js';
