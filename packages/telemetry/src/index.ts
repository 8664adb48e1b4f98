export { currentContext, withContext } from './context.js';
export type { LogContext } from './context.js';
export { configureLog, log } from './log.js';
export type { LogDestination, LogLevel, WriteLine } from './log.js';
export type { LogFields } from './fields.js';
