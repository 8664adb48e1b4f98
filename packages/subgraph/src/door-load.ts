import { setTimeout as sleep } from 'node:timers/promises';

const WINDOW_MS = 500;
/** In a window; a shop that is merely busy does not come near it. */
const CROWD = 75;
const LONGEST_WAIT_MS = 2_000;
const LOOK_AGAIN_MS = 100;
const TELL_MS = 100;

/**
 * How much comes in at the doors where somebody waits who may leave: platforms that post webhooks and want an answer within
 * a second, buyers who place and pay. What is stored can wait: in a crowd work on it stands back, for two seconds a piece
 * at most, and what has gathered meanwhile is worked on together.
 */
export class DoorLoad {
  #since = 0;
  #count = 0;
  #before = 0;
  #untold = 0;
  #toldAt = -Infinity;

  /** @param tell the process that works, where it is another: what came since it was last told. May be lost. */
  constructor(private readonly now: () => number = () => performance.now(), private readonly tell?: (count: number) => void) {}

  /** So many have come in, here or at the doors of another process. */
  note(count: number): void {
    this.#turn();
    this.#count += count;
    if (this.tell === undefined) return;
    this.#untold += count;
    if (this.now() - this.#toldAt < TELL_MS) return;
    this.#toldAt = this.now();
    this.tell(this.#untold);
    this.#untold = 0;
  }

  /** Resolves when the door is calm, or after two seconds or what is given. */
  async untilCalm(longestMs = LONGEST_WAIT_MS): Promise<void> {
    for (let waited = 0; waited < longestMs && this.isCrowded(); waited += LOOK_AGAIN_MS) await sleep(Math.min(LOOK_AGAIN_MS, longestMs - waited));
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
