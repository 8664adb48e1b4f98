import { performance as loop } from 'node:perf_hooks';

/** So long the requests that begin in a turn may take of it at least; and as long as everything else took. */
const SHORT_MILLISECONDS = 1;
/**
 * So few are under way at the same time at least, and so many at first. Reads are quickest a few at a time; of writes,
 * those that come while others are worked on share their transactions, so many cost less each than a few.
 */
const FEW = { reads: 3, writes: 64 } as const;
/** How busy the process is, is judged over so long; */
const JUDGE_MILLISECONDS = 50;
/** but when it is idle for more than half of so long while requests wait, it need not be idle any longer. */
const LOOK_MILLISECONDS = 5;
/** Busy for less of its time than the first, it may have more requests under way, to be as busy as the second; busy for more than the third, fewer. */
const [IDLE, AIM, BUSY] = [0.75, 0.8, 0.85];
/** Of a row that waits for slow subgraphs, so many times as many may be under way after each look. */
const MOST_AT_ONCE = 8;

/**
 * Begins requests in the order in which they came, so many at a time as the process can work on. One that waits for its
 * subgraphs leaves room for others; but where the processor is what all wait for, a few are brought to their end
 * instead of all being half done: the first of the row are answered early, and the data of the few dies young instead of being
 * copied by every garbage collection.
 */
export class Pace {
  readonly #waiting: { readonly begin: () => void; readonly since: number }[] = [];
  #running = 0;
  #most: number;
  /** The most that were under way in the time that is judged. */
  #peak = 0;
  /** From when it is judged whether more may be under way: since some wait; and whether fewer. */
  #row = new Span();
  #work = new Span();
  #turning = false;
  /** When requests last began in a turn of their own, and until when they may in this one. */
  #turnedAt = 0;
  #until = 0;
  #begunAt = 0;
  /** After how many milliseconds one more of the row begins; follows what has been. */
  #each = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly few: number = FEW.reads) {
    this.#most = few;
  }

  /** Waits for a request's turn to begin; undefined when that is now. Whoever was let begin says when it is `done`. */
  turn(): Promise<void> | undefined {
    const now = performance.now();
    if (this.#waiting.length === 0) {
      if (!this.#turning) this.#until = now + SHORT_MILLISECONDS;
      if (now < this.#until && this.#running < this.#most) {
        this.#started();
        this.#turnSoon(now);
        return undefined;
      }
      this.#begunAt = now;
      // What was before says nothing: it was idle because nobody came.
      this.#row = new Span(now);
    }
    const turn = new Promise<void>((resolve) => { this.#waiting.push({ begin: resolve, since: now }); });
    this.#goOn(now);
    return turn;
  }

  /** A request has all it needs: its answer is written. */
  done(): void {
    const now = performance.now();
    this.#judgeWork(now);
    this.#running -= 1;
    if (this.#waiting.length > 0) this.#goOn(now);
  }

  /** How long whoever comes now will wait, in milliseconds: by the length of the row, and at least what its first has waited. */
  get late(): number {
    const [first] = this.#waiting;
    return first === undefined ? 0 : Math.max(performance.now() - first.since, this.#waiting.length * this.#each);
  }

  #started(): void {
    this.#running += 1;
    if (this.#running > this.#peak) this.#peak = this.#running;
  }

  #goOn(now: number): void {
    if (this.#turning) return;
    if (this.#hasRoom(now)) this.#turnSoon(now);
    else this.#timer ??= setTimeout(this.#look, LOOK_MILLISECONDS).unref();
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#goOn(performance.now());
  };

  #turnSoon(now: number): void {
    if (this.#turning) return;
    this.#turning = true;
    this.#turnedAt = now;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const now = performance.now();
    // As much time as all the rest took: where thousands are sent away, those let in must not wait for the end of that.
    this.#until = now + Math.max(SHORT_MILLISECONDS, now - this.#turnedAt);
    this.#beginNext();
  };

  readonly #beginNext = (): void => {
    const now = performance.now();
    const next = now < this.#until && this.#hasRoom(now) ? this.#waiting.shift() : undefined;
    if (next === undefined) {
      this.#turning = false;
      if (this.#waiting.length > 0) this.#goOn(now);
      return;
    }
    const took = now - this.#begunAt;
    this.#each += (took - this.#each) * (this.#each === 0 ? 1 : 0.1);
    this.#begunAt = now;
    this.#started();
    next.begin();
    // Not before it has done all that it can do at once.
    queueMicrotask(() => process.nextTick(this.#beginNext));
  };

  #hasRoom(now: number): boolean {
    if (this.#running < this.#most) return true;
    const milliseconds = now - this.#row.from;
    if (milliseconds < LOOK_MILLISECONDS) return false;
    const busy = this.#row.busy();
    if (busy > 0.5 && milliseconds < JUDGE_MILLISECONDS) return false;
    if (busy < IDLE) this.#most = Math.ceil(this.#running * Math.min(AIM / busy, MOST_AT_ONCE));
    this.#row = new Span(now);
    return this.#running < this.#most;
  }

  /** Also where none waits: as many as have come may be too many, and as many as came once are not wanted for ever. */
  #judgeWork(now: number): void {
    if (now - this.#work.from < JUDGE_MILLISECONDS) return;
    const wanted = this.#work.busy() > BUSY ? Math.min(this.#most, this.#running) * 0.7 : Math.min(this.#most, this.#peak * 2);
    this.#most = Math.max(this.few, Math.floor(wanted));
    this.#peak = this.#running;
    this.#work = new Span(now);
  }
}

/** Where requests wait for their turns, reads and writes apart. */
export class Paces {
  readonly #reads = new Pace(FEW.reads);
  readonly #writes = new Pace(FEW.writes);

  /** The one for an operation by its text, where that is known; a text with several is taken for a read. */
  of(query: unknown): Pace {
    return typeof query === 'string' && /^\s*mutation\b/.test(query) ? this.#writes : this.#reads;
  }

  /** How long whoever comes now will wait, in milliseconds. */
  get late(): number {
    return Math.max(this.#reads.late, this.#writes.late);
  }
}

/** A time over which it is seen how busy the process is. */
class Span {
  readonly #began = loop.eventLoopUtilization();
  constructor(readonly from = 0) {}

  /** The share of the time since then that the process had something to do. */
  busy(): number {
    return loop.eventLoopUtilization(loop.eventLoopUtilization(), this.#began).utilization;
  }
}
