import { SettingsError } from '@quanyu/settings';
import { configureLog, log } from '@quanyu/telemetry';
import { readEnvironment } from './environment.js';
import { runGateway } from './run-gateway.js';

/** A part that hangs must not keep the process. 20 seconds are promised, also on a machine that is late. */
const LONGEST_STOP_MS = 17_000;

process.on('unhandledRejection', (error) => {
  log.fatal('unhandled rejection', { error });
  process.exit(1);
});

try {
  const settings = readEnvironment();
  configureLog({ level: settings.logLevel });
  const gateway = await runGateway(settings);
  let stopping = false;
  const stop = (graceMs: number) => (): void => {
    if (stopping) return;
    stopping = true;
    log.info('the gateway stops');
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    void gateway.stop(graceMs).then(() => process.exit(0), () => process.exit(1));
  };
  // Ctrl-C is for a house that stops as a whole: nobody is left who would have to turn away.
  process.on('SIGTERM', stop(settings.drainGraceMs)).on('SIGINT', stop(0));
} catch (error) {
  if (error instanceof SettingsError) process.stderr.write(`The gateway cannot start:\n${error.message}\n`);
  else log.fatal('the gateway could not start', { error });
  process.exit(1);
}
