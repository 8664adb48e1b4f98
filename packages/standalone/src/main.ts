import { armKillPoints } from '@quanyu/database';
import { configureLog, log } from '@quanyu/telemetry';
import { seedDemo } from './demo.js';
import { readEnvironment } from './environment.js';
import { Progress } from './progress.js';
import { report } from './report.js';
import { SetupError } from './setup-error.js';
import { startStandalone } from './start.js';

const IMPATIENT_MS = 1_500;

async function main(): Promise<void> {
  const environment = readEnvironment(process.argv.slice(2));
  configureLog({ level: environment.logLevel });
  if (environment.kill !== null) armKillPoints(environment.kill);
  const progress = new Progress();
  const stopping = new AbortController();
  // Until everything stands, ending the process is enough: its exit hook stops PostgreSQL.
  const abandon = (): void => process.exit(130);
  process.on('SIGINT', abandon).on('SIGTERM', abandon);
  const standalone = await startStandalone(environment, progress);

  let since = 0;
  const stop = (): void => {
    // Ctrl-C reaches us from the terminal and once more from npm; only one that comes later is meant as "now".
    if (stopping.signal.aborted) return performance.now() - since > IMPATIENT_MS ? process.exit(130) : undefined;
    since = performance.now();
    stopping.abort();
    progress.step('stopping');
    // A part that hangs must not keep the terminal: what is committed is safe, PostgreSQL recovers.
    setTimeout(() => process.exit(1), 20_000).unref();
    void standalone.stop().then(() => {
      progress.step('stopped');
      process.exit(0);
    });
  };
  process.off('SIGINT', abandon).off('SIGTERM', abandon);
  process.on('SIGINT', stop).on('SIGTERM', stop);

  const demo = environment.demo && standalone.credentials !== null ? await seedDemo(standalone, environment.dataDir, progress) : null;
  if (!stopping.signal.aborted) report(standalone, demo, progress);
}

process.on('unhandledRejection', (error) => {
  log.error('unhandled rejection', { error });
  process.exit(1);
});

await main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof SetupError || (error as { safeMessage?: boolean }).safeMessage === true || (error as Error).name === 'EmbeddedPostgresError' ? (error as Error).message : (error as Error).stack}\n`);
  process.exit(1);
});
