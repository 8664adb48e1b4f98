import { randomUUID } from 'node:crypto';
import { log } from '@quanyu/telemetry';
import { Redis } from 'ioredis';
import { channelOf, Gathered, read, write, type Hints } from './hints.js';

/** Hints by Redis' publish and subscribe: no load on the database, and none lost while its connections are many. */
export class RedisHints implements Hints {
  readonly #mark = randomUUID();
  readonly #channel: string;
  readonly #gathered: Gathered;
  readonly #sender: Redis;
  readonly #url: string;
  #listener: Redis | undefined;
  #told = false;

  constructor(private readonly subgraph: string, url: string) {
    this.#channel = channelOf(subgraph);
    this.#url = url;
    this.#sender = this.#connect();
    this.#gathered = new Gathered((xid) => {
      this.#sender.publish(this.#channel, write(this.#mark, xid)).catch((error: unknown) => this.#complain(error));
    });
  }

  ring(xid: bigint): void { this.#gathered.ring(xid); }

  async listen(listener: (xid: bigint) => void): Promise<void> {
    this.#listener = this.#connect();
    this.#listener.on('message', (_channel, message) => {
      const xid = read(this.#mark, message);
      if (xid !== null) listener(xid);
    });
    // ioredis subscribes again by itself after a reconnect; meanwhile the log is looked at now and then.
    this.#listener.on('ready', () => { this.#told = false; listener(0n); });
    await this.#listener.subscribe(this.#channel).catch((error: unknown) => this.#complain(error));
  }

  stop(): Promise<void> {
    this.#gathered.stop();
    this.#sender.disconnect();
    this.#listener?.disconnect();
    return Promise.resolve();
  }

  #connect(): Redis {
    const redis = new Redis(this.#url, { maxRetriesPerRequest: null, enableOfflineQueue: true, retryStrategy: (times) => Math.min(100 * 2 ** times, 2_000), lazyConnect: false });
    redis.on('error', (error) => this.#complain(error));
    return redis;
  }

  /** Once an outage: a line for each try would bury the rest. */
  #complain(error: unknown): void {
    if (this.#told) return;
    this.#told = true;
    log.warn('hints do not reach Redis', { subgraph: this.subgraph, error });
  }
}
