import type { IncomingMessage } from 'node:http';
import { isWelcomeOrigin } from '../http/cross-origin.js';

/** Who may open a WebSocket, and how many of them. */
export interface DoorOptions {
  /** Origins of web pages that may connect, besides this server's own; `https://admin.example.com`. */
  readonly origins?: readonly string[] | undefined;
  readonly connectionsPerAddress?: number | undefined;
  readonly addressOf: (request: IncomingMessage) => string;
}

const CONNECTIONS_PER_ADDRESS = 200;

/**
 * Counts and checks WebSocket upgrades. Browsers let any page open a WebSocket to any host and send no preflight, so
 * the origin is checked here; programs send none.
 */
export class LiveDoor {
  readonly #open = new Map<string, number>();

  constructor(private readonly options: DoorOptions) {}

  /** The HTTP status that refuses an upgrade, or how to give its place back once it is closed. */
  enter(request: IncomingMessage): 403 | 429 | (() => void) {
    if (!isWelcomeOrigin(request.headers, this.options.origins ?? [])) return 403;
    const address = this.options.addressOf(request);
    const count = this.#open.get(address) ?? 0;
    if (count >= (this.options.connectionsPerAddress ?? CONNECTIONS_PER_ADDRESS)) return 429;
    this.#open.set(address, count + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const rest = (this.#open.get(address) ?? 1) - 1;
      if (rest === 0) this.#open.delete(address);
      else this.#open.set(address, rest);
    };
  }
}

/** Lets so many messages a second through, with as many seconds' worth at once as `burst` says. */
export class MessageMeter {
  #left: number;
  #at = performance.now();

  constructor(private readonly perSecond: number, private readonly burst: number) {
    this.#left = burst;
  }

  take(): boolean {
    const now = performance.now();
    this.#left = Math.min(this.burst, this.#left + ((now - this.#at) / 1000) * this.perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
