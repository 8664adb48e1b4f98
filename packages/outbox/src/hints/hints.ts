/**
 * Tells the other processes of a subgraph that its log has grown, so that they look at once. A hint only: one that is
 * lost costs a little time and never an event.
 */
export interface Hints {
  /** Tells of a committed transaction. Cheap: many calls in a row make one message. */
  ring(xid: bigint): void;
  /** Hears what other processes tell; the first call begins to listen. */
  listen(listener: (xid: bigint) => void): Promise<void>;
  stop(): Promise<void>;
}

/** However much is committed: the message in 5 ms tells of it all. */
const AT_MOST_EVERY_MS = 5;

/** Gathers calls and sends the highest xid: the first at once, the others of the next 5 ms together. */
export class Gathered {
  #highest = 0n;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (xid: bigint) => void) {}

  ring(xid: bigint): void {
    if (xid > this.#highest) this.#highest = xid;
    if (this.#timer !== undefined) return;
    this.#sendNow();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#highest > 0n) this.ring(0n);
    }, AT_MOST_EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendNow(): void {
    const xid = this.#highest;
    this.#highest = 0n;
    this.send(xid);
  }
}

/** One's own messages come back: they are told by the sender's mark. */
export const write = (mark: string, xid: bigint): string => `${mark}:${xid}`;

/** The xid of a message that another process sent; null for one's own and for what is no hint. */
export function read(mark: string, message: string | undefined): bigint | null {
  const [, sender, xid] = /^([\w-]+):(\d{1,19})$/.exec(message ?? '') ?? [];
  return xid === undefined || sender === mark ? null : BigInt(xid);
}

/** The channel of one subgraph's log. */
export const channelOf = (subgraph: string): string => `quanyu_log_${subgraph}`;
