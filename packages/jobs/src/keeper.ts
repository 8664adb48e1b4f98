import type { JobLog } from './definition.js';

const LOOK_MS = 5_000;
/** Two machines judge a job's time by their own clocks. */
const CLOCKS_APART_MS = 1_000;

/** What is looked at every five seconds while jobs run. */
export interface Kept {
  watchSchedules(): Promise<'kept' | 'lost'>;
  onLost(): Promise<void>;
  clockAheadMs(): Promise<number>;
}

/** Looks after a queue that can forget (Redis), and after the clocks. Starts with a look at the clock. */
export class Keeper {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;
  #clockTold = false;

  constructor(private readonly kept: Kept, private readonly log: JobLog) {}

  async start(): Promise<void> {
    await this.#lookAtClock();
    this.#next();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #next(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().finally(() => this.#next());
    }, LOOK_MS);
  }

  async #look(): Promise<void> {
    try {
      await this.#lookAtClock();
      if ((await this.kept.watchSchedules()) === 'lost') {
        this.log.warn('the job queue had lost its memory and is filled again');
        await this.kept.onLost();
      }
    } catch (error) {
      if (!this.#stopped) this.log.warn('the job queue cannot be looked after', { error });
    }
  }

  async #lookAtClock(): Promise<void> {
    const ms = await this.kept.clockAheadMs();
    const apart = Math.abs(ms) > CLOCKS_APART_MS;
    if (apart && !this.#clockTold) this.log.warn('the clock of this machine and that of the job store differ', { ms });
    this.#clockTold = apart;
  }
}
