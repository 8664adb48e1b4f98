import { randomUUID } from 'node:crypto';
import { log } from '@quanyu/telemetry';
import pg from 'pg';
import { channelOf, Gathered, read, write, type Hints } from './hints.js';

const RECONNECT_MS = 1_000;

/**
 * Hints by LISTEN and NOTIFY. They are sent after the commit and apart from it: inside a business transaction NOTIFY
 * holds a lock of the whole database until the flush.
 */
export class PostgresHints implements Hints {
  readonly #mark = randomUUID();
  readonly #channel: string;
  readonly #gathered: Gathered;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param pool sends; `url` is for a connection that listens and does nothing else. */
  constructor(private readonly subgraph: string, pool: Pick<pg.Pool, 'query'>, private readonly url: string) {
    this.#channel = channelOf(subgraph);
    this.#gathered = new Gathered((xid) => {
      pool.query('select pg_notify($1, $2)', [this.#channel, write(this.#mark, xid)]).catch((error: unknown) => {
        if (!this.#stopped) log.warn('a hint was not sent', { subgraph, error });
      });
    });
  }

  ring(xid: bigint): void { if (!this.#stopped) this.#gathered.ring(xid); }

  async listen(listener: (xid: bigint) => void): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, keepAlive: true });
    this.#client = client;
    const again = (): void => {
      if (this.#stopped || this.#client !== client) return;
      this.#client = undefined;
      this.#timer = setTimeout(() => { void this.listen(listener); }, RECONNECT_MS);
    };
    // On and not once: a connection that is cut off may tell so twice, and what nobody hears ends the process.
    client.on('error', again);
    client.once('end', again);
    client.on('notification', ({ payload }) => {
      const xid = read(this.#mark, payload);
      if (xid !== null) listener(xid);
    });
    try {
      await client.connect();
      await client.query(`listen ${this.#channel}`);
      // What was told while nobody listened.
      listener(0n);
    } catch (error) {
      log.warn('hints are not heard', { subgraph: this.subgraph, error });
      await client.end().catch(() => undefined);
      again();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#gathered.stop();
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }
}
