import { constants, getPriority, setPriority } from 'node:os';
import { armKillPoints, type KillPlan } from '@quanyu/database';
import { DoorLoad } from '@quanyu/subgraph';
import { configureLog, log, serveMetrics, startTracing } from '@quanyu/telemetry';
import type { Environment } from '../environment.js';
import { giveBackMemory } from '../give-back.js';
import { Stops } from '../ground.js';
import { openHouse, type HousePlan } from '../open-house.js';
import { ChannelHints, type HintMessage } from './channel-hints.js';
import { Questions, type AnswerMessage, type QuestionMessage } from './questions.js';

/** What the worker is told by the process that has the doors. */
export type ToWorker = { readonly begin: WorkPlan } | { readonly stop: true } | { readonly atTheDoors: number } | HintMessage | AnswerMessage;
/** What it answers, tells and asks. */
export type FromWorker = { readonly ready: { readonly metricsUrl: string | null } } | HintMessage | QuestionMessage;

/** All that a worker needs to know; it reads no settings of its own. */
export interface WorkPlan extends HousePlan, Pick<Environment, 'logLevel' | 'tracing' | 'metrics'> { readonly kill: KillPlan | null }

const tell = (message: FromWorker): void => { if (process.connected) process.send!(message, undefined, undefined, () => undefined); };
const hints = new ChannelHints(tell);
const questions = new Questions(tell);
const doorLoad = new DoorLoad();
const stops = new Stops();

// Somebody waits at the doors, and for the database behind them; what has been taken in can wait its turn for a processor.
setPriority(Math.min(getPriority() + constants.priority.PRIORITY_BELOW_NORMAL, constants.priority.PRIORITY_LOW));

async function begin({ kill, logLevel, tracing, metrics, ...plan }: WorkPlan): Promise<void> {
  configureLog({ level: logLevel });
  if (kill !== null) armKillPoints(kill);
  if (tracing !== null) stops.add(await startTracing(tracing));
  const house = await openHouse(plan, stops, { hintsOf: hints.of, doorLoad });
  house.calls.add(questions.calls);
  await house.work();
  const server = metrics === null ? null : await serveMetrics(metrics);
  if (server !== null) stops.add(() => server.close());
  giveBackMemory();
  tell({ ready: { metricsUrl: server?.url ?? null } });
}

process.on('message', (message: ToWorker) => {
  if ('hint' in message) hints.hear(message);
  else if ('answerTo' in message) questions.hear(message);
  else if ('atTheDoors' in message) doorLoad.note(message.atTheDoors);
  else if ('stop' in message) void stops.run().then(() => process.exit(0));
  else {
    begin(message.begin).catch((error: unknown) => {
      log.error('the work cannot begin', { error });
      process.exit(1);
    });
  }
});
// Whoever started us is gone, and the database may be next: what is committed is safe, the rest is done again.
process.on('disconnect', () => process.exit(1));
// Ctrl-C reaches all processes of a terminal; the doors close first and tell us when.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
process.on('unhandledRejection', (error) => {
  log.fatal('unhandled rejection', { error });
  process.exit(1);
});
