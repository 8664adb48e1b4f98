import { configureLog, log } from '@quanyu/telemetry';
import { seedDemo } from './demo.js';
import type { Environment } from './environment.js';
import { explain } from './explain.js';
import { giveBackMemory } from './give-back.js';
import { Progress } from './progress.js';
import { report } from './report.js';
import type { Standalone } from './start.js';

const IMPATIENT_MS = 1_500;

/** Runs the house until somebody presses Ctrl-C: starts it, fills the demo tenant and tells where everything is. */
export async function runHouse<E extends Environment>(readEnvironment: (argv: readonly string[]) => E, start: (environment: E, progress: Progress) => Promise<Standalone>): Promise<void> {
  process.on('unhandledRejection', (error) => {
    log.error('unhandled rejection', { error });
    process.exit(1);
  });
  try {
    await run(readEnvironment(process.argv.slice(2)), start);
  } catch (error) {
    process.stderr.write(`\n${explain(error) ?? (error as Error).stack}\n`);
    process.exit(1);
  }
}

async function run<E extends Environment>(environment: E, start: (environment: E, progress: Progress) => Promise<Standalone>): Promise<void> {
  configureLog({ level: environment.logLevel });
  const progress = new Progress();
  const stopping = new AbortController();
  // Until everything stands, ending the process is enough: its exit hook stops PostgreSQL.
  const abandon = (): void => process.exit(130);
  process.on('SIGINT', abandon).on('SIGTERM', abandon);
  const house = await start(environment, progress);

  let since = 0;
  const stop = (): void => {
    // Ctrl-C reaches us from the terminal and once more from npm; only one that comes later is meant as "now".
    if (stopping.signal.aborted) return performance.now() - since > IMPATIENT_MS ? process.exit(130) : undefined;
    since = performance.now();
    stopping.abort();
    progress.step('stopping');
    // A part that hangs must not keep the terminal: what is committed is safe, PostgreSQL recovers.
    setTimeout(() => process.exit(1), 20_000).unref();
    void house.stop().then(() => {
      progress.step('stopped');
      process.exit(0);
    });
  };
  process.off('SIGINT', abandon).off('SIGTERM', abandon);
  process.on('SIGINT', stop).on('SIGTERM', stop);

  const demo = environment.demo && house.credentials !== null ? await seedDemo(house, environment.dataDir, progress) : null;
  giveBackMemory();
  if (!stopping.signal.aborted) report(house, demo, progress);
}
