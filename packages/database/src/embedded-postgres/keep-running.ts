import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processes.js';

/** A server that runs. */
export interface Running {
  readonly pid: number;
  readonly port: number;
}

const LOOK_EVERY_MS = 500;
const TRY_EVERY_MS = 2_000;

/**
 * Watches a server and starts it again when it ends by itself: killed for its memory, say. Those who use it only have to
 * try again; without this they would do so for ever.
 */
export class KeptRunning {
  #running: Running;
  #stopped = false;
  #reviving: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  /** @param again starts it once more, on the same port. */
  constructor(running: Running, private readonly again: () => Promise<Running>, private readonly say: (line: string) => void) {
    this.#running = running;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  get pid(): number { return this.#running.pid; }

  /** Ends the watch, not the server; resolves when no start is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#reviving;
  }

  #look(): void {
    if (this.#reviving !== undefined || isAlive(this.#running.pid)) return;
    this.#reviving = this.#revive().finally(() => { this.#reviving = undefined; });
  }

  async #revive(): Promise<void> {
    this.say('it ended by itself, starting it again');
    while (!this.#stopped) {
      try {
        this.#running = await this.again();
        this.say('it runs again');
        return;
      } catch (error) {
        this.say((error as Error).message);
        // One that is stopped meanwhile does not wait for this.
        await sleep(TRY_EVERY_MS, undefined, { ref: false });
      }
    }
  }
}
