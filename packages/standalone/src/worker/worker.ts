import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Calls } from '@quanyu/calls';
import { DoorLoad } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { ChannelHints } from './channel-hints.js';
import type { FromWorker, ToWorker, WorkPlan } from './main.js';
import { answerTo } from './questions.js';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
/** One that has lived this long begins again at once when it ends. */
const LONG_LIFE_MS = 30_000;
const STOP_WITHIN_MS = 15_000;
// Much of what it makes lives as long as a batch: a young generation this small is walked in well under a millisecond.
const FLAGS = ['--max-semi-space-size=8'];

/** The process that relays events, takes them in and runs jobs: started with the house, started again when it ends unasked. */
export class Worker {
  readonly #hints: ChannelHints;
  /** What comes in at the doors of this process: the work stands back for it. */
  readonly doorLoad = new DoorLoad(undefined, (atTheDoors) => this.#tell({ atTheDoors }));
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #stopping = false;
  #shortLives = 0;
  #again: NodeJS.Timeout | undefined;
  #doors: Calls | null = null;

  /** @param onStart hears of each process that is started. */
  constructor(private readonly plan: WorkPlan, private readonly onStart: (pid: number) => void) {
    this.#hints = new ChannelHints((message) => this.#tell(message));
  }

  get hintsOf(): ChannelHints['of'] { return this.#hints.of; }

  /** From now on what it asks of the gateway is answered. */
  answerFrom(calls: Calls): void { this.#doors = calls; }

  /** Resolves when it works; rejects when the first one cannot begin. */
  start(): Promise<{ readonly metricsUrl: string | null }> {
    return new Promise((resolve, reject) => this.#start(this.plan, resolve, reject));
  }

  #start(plan: WorkPlan, onReady: (told: { readonly metricsUrl: string | null }) => void, onFirstEnd: (error: Error) => void): void {
    const startedAt = performance.now();
    const child = fork(MAIN, [], { execArgv: [...process.execArgv, ...FLAGS], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    if (child.pid !== undefined) this.onStart(child.pid);
    let ready = false;
    child.on('message', (message: FromWorker) => {
      if ('hint' in message) return this.#hints.hear(message);
      if ('question' in message) return void answerTo(this.#doors, message).then((told) => this.#tell(told));
      ready = true;
      // What was committed while nobody listened.
      this.#hints.missed();
      onReady(message.ready);
    });
    child.once('error', onFirstEnd);
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(undefined);
        if (this.#stopping) return;
        if (!ready) onFirstEnd(new Error(`The process that works ended with ${code ?? signal} before it could begin; its log says why.`));
        this.#shortLives = performance.now() - startedAt < LONG_LIFE_MS ? this.#shortLives + 1 : 0;
        const waitMs = Math.min(FIRST_WAIT_MS * 2 ** this.#shortLives, LONGEST_WAIT_MS);
        log.error('the process that works has ended and is started again', { errorCode: String(code ?? signal), ms: waitMs });
        // A point that has killed once has been shown to be survived.
        this.#again = setTimeout(() => this.#start({ ...this.plan, kill: null }, () => undefined, () => undefined), waitMs);
      });
    });
    this.#tell({ begin: plan });
  }

  /** Lets it end what runs. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#again);
    this.#tell({ stop: true });
    const force = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_WITHIN_MS);
    await this.#exited;
    clearTimeout(force);
  }

  /** A message to one that has just ended is lost; the next one looks for itself. */
  #tell(message: ToWorker): void {
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }
}
