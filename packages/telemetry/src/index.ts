export { currentContext, withContext } from './context.js';
export type { LogContext } from './context.js';
export { configureLog, log } from './log.js';
export type { LogDestination, LogLevel, WriteLine } from './log.js';
export type { LogFields } from './fields.js';
export { counter, gauge, histogram, metricsText, METRICS_TYPE, watchProcess, type Counter, type Gauge, type Histogram } from './metrics/metrics.js';
export { serveMetrics, type MetricsServer } from './metrics/serve-metrics.js';
export type { LabelName, LabelValues } from './metrics/series.js';
export { secondsSince, timed } from './metrics/timed.js';
