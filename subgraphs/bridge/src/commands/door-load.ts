import { setTimeout as sleep } from 'node:timers/promises';

const WINDOW_MS = 500;
/** In a window; a shop that is merely busy does not come near it. */
const CROWD = 75;
const LONGEST_WAIT_MS = 2_000;
const LOOK_AGAIN_MS = 100;

/**
 * How much comes in at the webhook door of this process. Platforms want an answer within a second or give up on us, while
 * what is stored can wait: in a crowd work on it stands back, for two seconds a piece at most.
 */
export class DoorLoad {
  #since = 0;
  #count = 0;
  #before = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  note(count: number): void {
    this.#turn();
    this.#count += count;
  }

  /** Resolves when the door is calm, or after two seconds. */
  async untilCalm(): Promise<void> {
    for (let waited = 0; waited < LONGEST_WAIT_MS && this.isCrowded(); waited += LOOK_AGAIN_MS) await sleep(LOOK_AGAIN_MS);
  }

  isCrowded(): boolean {
    this.#turn();
    return Math.max(this.#before, this.#count) > CROWD;
  }

  #turn(): void {
    const windows = Math.floor((this.now() - this.#since) / WINDOW_MS);
    if (windows < 1) return;
    this.#before = windows === 1 ? this.#count : 0;
    this.#count = 0;
    this.#since += windows * WINDOW_MS;
  }
}

/** Of this process: its door and its jobs share one processor. */
export const doorLoad = new DoorLoad();
