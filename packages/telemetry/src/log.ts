import { pino } from 'pino';
import { currentContext, currentSpan } from './context.js';
import { allowedFields, type LogFields } from './fields.js';
import { scrub } from './scrub.js';

/** How much is written: `info` and worse by default. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Where lines go: a file descriptor, a path, or anything that takes lines. */
export type LogDestination = number | string | { write(line: string): unknown };

// A literal has itself as a required key; `string` and templates around one make an index signature, which {} fits.
type LiteralMessage<M extends string> = Record<never, never> extends Record<M, 1>
  ? { readonly problem: 'a log message is a literal; values belong into fields' }
  : M;

/**
 * Writes one line: a message written in the code, and allow-listed fields.
 *
 * A message put together at run time does not compile: it could quote a customer.
 */
export type WriteLine = <M extends string>(message: M & LiteralMessage<M>, fields?: LogFields) => void;

const STDERR = 2;
const LONGEST_MESSAGE = 200;

let settings: { level: LogLevel; destination: LogDestination } = { level: 'info', destination: STDERR };
let sink = openSink();

function openSink(): pino.Logger {
  const { level, destination } = settings;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Synchronous: the last lines before a crash are the ones that are needed.
    typeof destination === 'object' ? destination : pino.destination({ dest: destination, sync: true, mkdir: true }),
  );
}

/** Changes the level or the destination of the process's log; what is not given stays. */
export function configureLog(change: { level?: LogLevel; destination?: LogDestination }): void {
  settings = { level: change.level ?? settings.level, destination: change.destination ?? settings.destination };
  sink = openSink();
}

const writer =
  (level: Exclude<LogLevel, 'silent'>): WriteLine =>
  (message, fields) => {
    if (!sink.isLevelEnabled(level)) return;
    const { requestId, correlationId } = currentContext();
    const line = { ...allowedFields({ requestId, correlationId, traceId: currentSpan()?.traceId }), ...allowedFields(fields ?? {}) };
    sink[level](line, scrub(String(message), LONGEST_MESSAGE));
  };

/** The process's log: JSON lines that cannot carry personal data. */
export const log = {
  debug: writer('debug'),
  info: writer('info'),
  warn: writer('warn'),
  error: writer('error'),
  fatal: writer('fatal'),
} as const;
