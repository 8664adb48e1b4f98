import { armKillPoints } from '@quanyu/database';
import { SettingsError } from '@quanyu/settings';
import { configureLog, log } from '@quanyu/telemetry';
import type { SubgraphDefinition } from '../definition.js';
import { serveSubgraph } from './serve-subgraph.js';
import type { SubgraphSettings } from './settings.js';

/** A part that hangs must not keep the process: what is committed is safe. 20 seconds are promised, also on a machine that is late. */
const LONGEST_STOP_MS = 17_000;

/** Runs a subgraph in this process until it is told to end; what `main.ts` of each subgraph does. */
export async function runSubgraph(definition: SubgraphDefinition, readEnvironment: () => SubgraphSettings): Promise<void> {
  process.on('unhandledRejection', (error) => {
    log.fatal('unhandled rejection', { subgraph: definition.name, error });
    process.exit(1);
  });
  try {
    const settings = readEnvironment();
    configureLog({ level: settings.logLevel });
    if (settings.kill !== null) armKillPoints(settings.kill);
    const served = await serveSubgraph(definition, settings);
    let stopping = false;
    const stop = (graceMs: number) => (): void => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
      void served.stop(graceMs).then(() => process.exit(0), () => process.exit(1));
    };
    // Ctrl-C is for a house that stops as a whole: nobody is left who would have to turn away.
    process.on('SIGTERM', stop(settings.drainGraceMs)).on('SIGINT', stop(0));
  } catch (error) {
    if (error instanceof SettingsError) process.stderr.write(`${definition.name} cannot start:\n${error.message}\n`);
    else log.fatal('a subgraph could not start', { subgraph: definition.name, error });
    process.exit(1);
  }
}
