import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Written ahead to a client that does not read; beyond it only the latest is kept. */
const MOST_AHEAD = 256 * 1024;
/** Answers of queries are not dropped, so a client that asks and does not read is ended instead. */
const MOST_UNREAD = 8 * 1024 * 1024;
const STALL_MILLISECONDS = 30_000;
const CLOSE_WAIT_MILLISECONDS = 5_000;
/** RFC 6455: try again later. */
const TRY_AGAIN_LATER = 1013;

/** With frames of this turn; one microtask writes them all, where one for each of ten thousand would cost more than what it does. */
let unwritten: LiveConnection[] = [];

function writeAll(): void {
  const all = unwritten;
  unwritten = [];
  for (const connection of all) connection.flush();
}

/** Something with payloads to send once the client has read what was sent. */
export interface Waiting { resume(): void }

/**
 * The writing side of one WebSocket. Frames of streams are made by us and written past `ws`, which would make, mask
 * and count each of them anew for every client; all of one turn leave in one write.
 */
export class LiveConnection {
  #pending = '';
  readonly #waiting = new Set<Waiting>();
  #stall: NodeJS.Timeout | undefined;

  constructor(private readonly socket: WebSocket, private readonly raw: Duplex, private readonly stallMilliseconds = STALL_MILLISECONDS) {
    raw.on('drain', () => this.#drained());
    socket.once('close', () => clearTimeout(this.#stall));
  }

  get open(): boolean { return this.socket.readyState === this.socket.OPEN; }

  /** The client reads more slowly than we write. */
  get congested(): boolean { return this.raw.writableLength + this.#pending.length > MOST_AHEAD; }

  /** Writes whole frames, as a string of bytes. */
  write(frames: string): void {
    if (this.#pending === '' && unwritten.push(this) === 1) queueMicrotask(writeAll);
    this.#pending += frames;
  }

  /** Sends one message in the usual way. */
  send(text: string): Promise<void> {
    if (!this.open) return Promise.resolve();
    this.flush();
    if (this.raw.writableLength > MOST_UNREAD) this.#giveUp();
    return new Promise((resolve, reject) => this.socket.send(text, (error) => (error ? reject(error) : resolve())));
  }

  /** Lets `waiting` go on once the client reads again. */
  wait(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#stall ??= setTimeout(() => this.#giveUp(), this.stallMilliseconds);
  }

  forget(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  /** Writes what is pending now. */
  flush(): void {
    const frames = this.#pending;
    this.#pending = '';
    if (frames === '' || !this.open) return;
    // What the kernel takes at once is followed by no 'drain'.
    if (this.raw.write(frames, 'latin1') && this.#waiting.size > 0) setImmediate(() => this.#drained());
  }

  #drained(): void {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const one of waiting) one.resume();
  }

  #giveUp(): void {
    this.socket.close(TRY_AGAIN_LATER, 'SLOW_READER');
    // The close frame stands behind all that was not read.
    setTimeout(() => this.socket.terminate(), CLOSE_WAIT_MILLISECONDS).unref();
  }
}
