import type { Database } from '@quanyu/database';
import { log } from '@quanyu/telemetry';
import pg from 'pg';

/** The server ends what takes too long, and so do we when it does not. */
const TIMEOUTS = { connectionTimeoutMillis: 5_000, statement_timeout: 3_000, lock_timeout: 2_000, query_timeout: 6_000 } as const;

/**
 * The engine's own connection: a crowd at the stock does not keep relays and sweepers from theirs. Calls are sent one
 * behind the other without waiting for answers, so that the server has the next batch at hand when it ends one, and
 * still does them in the order in which they were sent.
 */
export class EngineConnection {
  #client: Promise<pg.Client> | undefined;

  constructor(private readonly database: Database) {
    database.onClose(() => this.close());
  }

  /** Whether a second call may follow before the first is answered: not with a test's clock, which takes a transaction of several statements. */
  get pipelined(): boolean { return this.database.clock === undefined; }

  /** Runs one call in a transaction of its own. */
  async run<T>(call: (client: Pick<pg.ClientBase, 'query'>) => Promise<T>): Promise<T> {
    const client = await this.#connected();
    const { clock } = this.database;
    if (clock === undefined) return call(client);
    await client.query('begin');
    try {
      await client.query("select set_config('app.now', $1, true)", [clock().toISOString()]);
      const value = await call(client);
      await client.query('commit');
      return value;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.end();
  }

  #connected(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const made: Promise<pg.Client> = this.#connect(() => { if (this.#client === made) this.#client = undefined; });
    this.#client = made;
    return made;
  }

  async #connect(forget: () => void): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.database.system.options.connectionString, application_name: `${this.database.name} engine`, keepAlive: true, pipeline: true, ...TIMEOUTS });
    client.on('error', (error) => {
      forget();
      log.warn('the connection to stock is lost', { subgraph: this.database.name, error });
    });
    client.on('end', forget);
    try {
      await client.connect();
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
