export { address, Fault, integer, oneOf, parsed, port, text, type Setting } from './setting.js';
export { readSettings, SettingsError, type SettingsTable, type Values } from './read-settings.js';
export { tracingOf, tracingTable, type TracingSettings } from './tracing.js';
export { describeSettings } from './describe-settings.js';
